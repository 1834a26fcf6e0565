// Layers and heads down, positions across; the grid is a value that is made once.
using var model = Gpt2.Load("gpt2");
var heads = Gpt2.Layers(6..9).By(Gpt2.AllHeads);
var table = model.Sweep(
    heads,
    Positions.All,
    (at, position) => Gpt2.Experiment.Interchange(at.First.HeadAttentionValueOutput.Head(at.Second).At(position)),
    "The capital of Spain is",
    "The capital of Italy is",
    Metric.Probability(" Rome"));
Console.WriteLine(table.ToCsv());
