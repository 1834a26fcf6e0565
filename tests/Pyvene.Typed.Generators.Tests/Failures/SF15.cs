// SF15: a value is read before it was computed. A handle has no value, only a run has one.
// Here: cannot be written
// Caught by: CS1061 PVT221
var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(4).MlpOutput, out var values);
Console.WriteLine(experiment);
Console.WriteLine(values.Value);
