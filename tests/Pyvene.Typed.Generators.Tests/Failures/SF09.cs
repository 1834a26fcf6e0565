// SF09: a layer is out of range.
// Caught by: PVT202
var experiment = Gpt2.Experiment.Zero(Gpt2.Small.Layer(12).MlpOutput);
Console.WriteLine(experiment);
