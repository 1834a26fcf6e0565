// SF26: all rows of a batch share the locations of the first. Lists of lists are no positions; those of every example are given as such.
// Caught by: CS1503
int[][][] locations = [[[3], [5]]];
var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput.At(locations));
Console.WriteLine(experiment);
