// How strongly must one steer?
using var model = Gpt2.Load("gpt2");
Tensor direction = randn(768);
var table = model.Sweep(
    Gpt2.Layers(4..8),
    Axis.Of(0.5, 1, 2, 4),
    (layer, strength) => Gpt2.Experiment.Add(layer.BlockOutput.At(^1), direction * strength),
    "I think that you are",
    Metric.Probability(" great"));
Console.WriteLine(table);
