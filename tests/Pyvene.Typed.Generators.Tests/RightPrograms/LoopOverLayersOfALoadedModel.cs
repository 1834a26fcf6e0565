// Collect the residual stream behind every layer of whatever model is loaded.
using var model = Gpt2.Load("gpt2");
var experiment = Gpt2.Experiment;
var streams = new List<Collected<Gpt2>>();
foreach (var layer in Gpt2.AllLayers.On(model))
{
    experiment = experiment.Collect(layer.BlockOutput, out var stream);
    streams.Add(stream);
}

using var run = model.Run(experiment, "The capital of Spain is");
Console.WriteLine(string.Join("\n", streams.Select(stream => run[stream].norm())));
