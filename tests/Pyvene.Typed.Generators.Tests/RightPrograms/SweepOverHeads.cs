// Which head carries the answer? Layers down, heads across.
using var model = Gpt2.Load("gpt2");
var table = model.Sweep(
    Gpt2.AllLayers,
    Gpt2.AllHeads,
    (layer, head) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1)),
    "The capital of Spain is",
    "The capital of Italy is",
    Metric.LogitDifference(" Rome", " Madrid"));
Console.WriteLine(table);
