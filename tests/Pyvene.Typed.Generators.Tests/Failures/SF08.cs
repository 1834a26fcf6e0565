// SF08: head and position are swapped. A head is an index, a position an Index or text, features are a range.
// Caught by: CS1503 CS1503 PVT221 PVT221
var experiment = Gpt2.Experiment
    .Zero(Gpt2.Layer(4).HeadValueOutput.Head(^1))
    .Zero(Gpt2.Layer(4).MlpOutput.Features(5));
Console.WriteLine(experiment);
