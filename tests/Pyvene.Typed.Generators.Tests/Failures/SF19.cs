// SF19: a trace is made and never entered, so that nothing happens.
// Caught by: PVT203
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput);
experiment.Zero(Gpt2.Layer(4).MlpOutput);
Console.WriteLine(experiment);
