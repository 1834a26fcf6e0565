#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Which head carries the country, from where to where? Swap each head's values, and what it makes of them, place by place (pyvene's subcomponents).
// Run: dotnet run examples/studies/02-head-and-position.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Lab;

using var model = Gpt2.Load(args is ["--model", var name] ? name : "models/primer");
string[] countries = "Spain Italy France Germany Greece Russia Japan China Egypt Cuba".Split(' ');
string[] capitals = "Madrid Rome Paris Berlin Athens Moscow Tokyo Beijing Cairo Havana".Split(' ');
string[] bases = [.. countries.Select(country => $"The capital of {country} is")];
string[] sources = [.. bases[1..], bases[0]]; // every country reads the next one
string[] own = [.. capitals.Select(capital => " " + capital)], read = [.. own[1..], own[0]];
var (toSource, toBase) = (Metric.Logit(read), Metric.Logit(own));

// All heads, each over the whole prompt: how far does the source's capital get ahead of the base's?
var difference = Metric.LogitDifference([.. read.Zip(own)]);
var heads = model.Sweep(
    Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head)), bases, sources, difference);
Console.WriteLine($"logit of the source's capital − logit of the base's, one head swapped, clean {heads.Clean:F2}");
var ranked = Gpt2.AllLayers.On(model).SelectMany(layer => Gpt2.AllHeads.On(model).Select(head => (Layer: layer, Head: head)))
    .OrderByDescending(one => heads[one.Layer, one.Head]).ToList();
foreach (var one in ranked.Take(5)) Console.WriteLine($"layer {one.Layer.Index}, head {one.Head}: {heads[one.Layer, one.Head]:F2}");

// Do the strongest suffice? So many together:
var answers = Metric.IsLikeliest(read);
foreach (var count in new[] { 1, 2, 4, 8, ranked.Count })
{
    var together = ranked.Take(count).Aggregate(
        Gpt2.Experiment.WithSources(1), (steps, one) => steps.Interchange(one.Layer.HeadAttentionValueOutput.Head(one.Head).From(Source.At(0))));
    using var run = model.Run(together, bases, [sources]);
    Console.WriteLine($"the first {count,2} together: the source's capital in {run.Measure(answers).Mean:P0}, {run.Measure(difference).Mean:F2}");
}

// The strongest, position by position: their values, what they mix of them, and two answers, on one scale.
var strongest = ranked.Take(6).ToDictionary(one => $"layer {one.Layer.Index}, head {one.Head}");
var options = new RunOptions { Controls = [Control.SelfSwap, Control.ShuffledSource, Control.MatchedRandom(3)] };
var values = Patch((one, at) => Gpt2.Experiment.Interchange(one.Layer.HeadValueOutput.Head(one.Head).At(at)));
var mixed = Patch((one, at) => Gpt2.Experiment.Interchange(one.Layer.HeadAttentionValueOutput.Head(one.Head).At(at)));
var picture = Panel(values, toSource, "values: source's capital").Beside(Panel(values, toBase, "values: base's capital"))
    .Beside(Panel(mixed, toSource, "mixed: source's capital")).Beside(Panel(mixed, toBase, "mixed: base's capital"));
Console.WriteLine($"\nlogits\n{picture}");
foreach (var (what, table) in new[] { ("values", values), ("mixed values", mixed) })
{
    var controls = table.Controls.Select(control => $"{control} {Gain(table.Of(control)):F2}");
    Console.WriteLine($"largest gain of the source's capital, {what}: {Gain(table):F2}; {string.Join("; ", controls)}");
}

picture.SaveHtml("head-and-position.html");
picture.SaveSvg("head-and-position.svg");

SweepTable<string, Index> Patch(Func<(Gpt2.Block Layer, QueryHead Head), Index, Experiment<Gpt2, OneSource>> swap) => model.Sweep(
    Axis.Of(strongest.Keys), Positions.All, (head, at) => swap(strongest[head], at), bases, sources, [toSource, toBase], options);

static HeatMap Panel(SweepTable table, Metric metric, string title) => table.Of(metric).HeatMap(top: 0, title);

static double Gain(SweepTable table) => table.ToArray().Cast<double>().Max() - table.Clean;
