// SF01: a misspelt hook is ignored.
// Caught by: CS1061 PVT201
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOuput);
Console.WriteLine(experiment);
