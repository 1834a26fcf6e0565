// Zero every MLP of a checkpoint, one after the other, in one experiment.
var experiment = Gpt2.Experiment;
foreach (var layer in Gpt2.Small.AllLayers)
{
    experiment = experiment.Zero(layer.MlpOutput.At(^1));
}

Console.WriteLine(experiment);
