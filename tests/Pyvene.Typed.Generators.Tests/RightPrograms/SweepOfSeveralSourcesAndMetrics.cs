// Two sources, two metrics in one pass, and how sure the means are.
using var model = Gpt2.Load("gpt2");
var rome = Metric.Probability(" Rome");
var table = model.Sweep(
    Gpt2.AllLayers,
    layer => Gpt2.Experiment.Interchange(layer.MlpOutput).Interchange(layer.AttentionOutput.From(Source.Second)),
    Prompt.Of("The capital of Spain is", "The capital of Peru is"),
    ["The capital of Italy is", "The capital of Greece is"],
    [Metric.LogitDifference([(" Rome", " Madrid"), (" Rome", " Lima")]), rome]);
var (low, high) = table.Of(rome).Values(Gpt2.Layer(3)).Interval();
Console.WriteLine($"{table[Gpt2.Layer(3)]}, {table.Of(rome)[Gpt2.Layer(3)]} ({low} to {high})");
