// SF27: a position means something else than it was written for: -1, after padding, or before a beginning-of-text token. From the end is ^1.
// Caught by: PVT210
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput.At(-1));
Console.WriteLine(experiment);
