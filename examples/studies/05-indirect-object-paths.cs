#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// "When Mary and John went to the store, John gave a drink to": along which ways does it reach the last position that the answer is Mary (path patching)?
// Run: dotnet run examples/studies/05-indirect-object-paths.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Lab;

TorchSharp.torch.set_num_threads(1); // so small a model gains nothing of more
using var model = Gpt2.Load(args is ["--model", var given] ? given : "models/primer");
string[] names = "Mary Sarah Anna Laura Alice Julia John James Robert David Tom Paul Mark Peter Jack".Split(' ');
string[] places = "store park school garden library station market office".Split(' '), things = "drink book ring ball flower letter key hat".Split(' ');

// In a base the second name comes again. In its source a third name comes instead, so that nothing says which of the two is meant.
var random = new Random(1);
var drawn = Enumerable.Range(0, 50).Select(number =>
{
    random.Shuffle(names);
    var (answer, again, third) = (names[0], names[1], names[2]);
    var (pair, place, thing) = (number % 2 == 0 ? $"{answer} and {again}" : $"{again} and {answer}", places[random.Next(8)], things[random.Next(8)]);
    return (Base: Text(again), Source: Text(third), Names: (" " + answer, " " + again));

    string Text(string giver) => $"When {pair} went to the {place}, {giver} gave a {thing} to";
}).ToList();
Prompt bases = drawn.Select(one => one.Base).ToArray(), sources = drawn.Select(one => one.Source).ToArray();
var metric = Metric.LogitDifference([.. drawn.Select(one => one.Names)]);
using (var clean = model.Run(bases))
using (var other = model.Run(sources))
{
    var (with, without) = (clean.Measure(metric).Mean, other.Measure(metric).Mean);
    Console.WriteLine($"logit of the answer − logit of the name that comes again: {with:F1}; with a third name instead: {without:F1}\n");
}

// One head at the last position is as with the third name: and everything behind it follows; or the attention of later layers is held as it was, so that
// only MLPs can pass the change on (the paths of the paper); or the MLPs are held too, so that the head alone speaks to the logits.
var controls = new RunOptions { Controls = [Control.SelfSwap, Control.ShuffledSource, Control.MatchedRandom(5)] };
var total = model.Sweep(Gpt2.AllLayers, Gpt2.AllHeads, Swap, bases, sources, metric, controls);
var byMlps = model.Sweep(Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Held(layer, head, withMlps: false), bases, [sources, bases], metric);
var direct = model.Sweep(Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Held(layer, head, withMlps: true), bases, [sources, bases], metric);
var picture = total.HeatMap(0, "all ways").Beside(byMlps.HeatMap(0, "by MLPs, attention held")).Beside(direct.HeatMap(0, "straight to the logits"));
Console.WriteLine(picture);

var (strongest, head) = Furthest(total, Gpt2.AllLayers.On(model));
var beside = controls.Controls.Select(control => $"{control} {total.Of(control)[strongest, head]:F1}");
Console.WriteLine($"strongest on all ways is layer {strongest.Index} head {head}: {total[strongest, head]:F1}; {string.Join("; ", beside)}");

// Of the strongest head, one MLP alone passes the change on.
var through = model.Sweep(
    Axis.Of(Gpt2.AllLayers.On(model).Where(layer => layer.Index >= strongest.Index)),
    layer => Held(strongest, head, withMlps: true, but: layer),
    bases,
    [sources, bases],
    metric);
var alone = Gpt2.AllLayers.On(model).Where(layer => layer.Index >= strongest.Index).Select(layer => $"{through[layer]:F1}");
Console.WriteLine($"from there through one MLP alone, that of layer {strongest.Index} first: {string.Join(", ", alone)}\n");

// Into the query of the head that speaks most to the logits: the swapped run gives that query alone to the base.
var (receiver, reader) = Furthest(byMlps, Gpt2.AllLayers.On(model).Where(layer => layer.Index > strongest.Index));
var toQuery = model.Sweep(
    Gpt2.Layers(..receiver.Index.Value),
    Gpt2.AllHeads,
    (layer, sender) => Swap(layer, sender).Interchange(receiver.HeadQueryOutput.Head(reader).At(^1).From(Source.Second)).InSeries(),
    bases,
    [sources, bases],
    metric);
Console.WriteLine(toQuery.HeatMap(0, $"into the query of layer {receiver.Index} head {reader}"));

picture.SaveHtml("indirect-object-paths.html");
picture.SaveSvg("indirect-object-paths.svg");

static Experiment<Gpt2, OneSource> Swap(Gpt2.Block layer, QueryHead head) =>
    Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1));

// The second source is the base itself: what reads it stays as it was.
Experiment<Gpt2, ManySources> Held(Gpt2.Block layer, QueryHead head, bool withMlps, Gpt2.Block? but = null)
{
    var steps = Gpt2.Experiment.WithSources(2).Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1));
    foreach (var later in Gpt2.AllLayers.On(model).Where(later => later.Index >= layer.Index))
    {
        if (later.Index > layer.Index) steps = steps.Interchange(later.AttentionOutput.At(^1).From(Source.At(1)));
        if (withMlps && later.Index != but?.Index) steps = steps.Interchange(later.MlpOutput.At(^1).From(Source.At(1)));
    }

    return steps;
}

(Gpt2.Block Layer, QueryHead Head) Furthest(SweepTable<Gpt2.Block, QueryHead> table, IEnumerable<Gpt2.Block> layers) =>
    layers.SelectMany(layer => Gpt2.AllHeads.On(model).Select(head => (layer, head))).MaxBy(at => Math.Abs(table[at.layer, at.head] - table.Clean));
