#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// Which heads bring the country to the last position? Swap each head of each layer, then run the strongest layer head by head and position by position.
// Run: dotnet run examples/04-which-head.cs
using Pyvene.Typed;

using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";
var metric = Metric.LogitDifference(" Rome", " Madrid");

var heads = model.Sweep(Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Swap(layer, head, ^1), Spain, Italy, metric);
Console.WriteLine(heads);

var best = Gpt2.AllLayers.On(model).MaxBy(layer => Gpt2.AllHeads.On(model).Max(head => heads[layer.Index, head]));
Console.WriteLine(model.Sweep(Gpt2.AllHeads, Positions.All, (head, position) => Swap(best, head, position), Spain, Italy, metric));

static Experiment<Gpt2, OneSource> Swap(Gpt2.Block layer, QueryHead head, Index position) =>
    Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(position));
