// One number a layer.
using var model = Gpt2.Load("gpt2");
Console.WriteLine(model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.AttentionOutput), "The capital of Spain is", Metric.Probability(" Madrid")));
