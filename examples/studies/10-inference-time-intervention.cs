#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Do the heads in which a probe reads the mood best turn the story when they are shifted while it is written (inference-time intervention)?
// Run: dotnet run examples/studies/10-inference-time-intervention.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
using var model = Gpt2.Load(args is ["--model", var name] ? name : "models/primer");
string[] places = ["store", "park", "school", "garden", "library", "station", "market", "office", "beach", "museum"];
(string Name, string She)[] people = [("Mary", "She"), ("John", "He"), ("Sarah", "She"), ("Paul", "He"), ("Anna", "She"), ("Peter", "He")];
LabelledPrompt[] read = [.. Labelled("happy", 1), .. Labelled("glad", 1), .. Labelled("sad", 0), .. Labelled("angry", 0)];
string[] told = Stories("sad", people[4..]); // the names are new

// How much of the next token's probability for one of eight deeds goes to the four good ones?
string[] goodDeeds = [" smiled", " laughed", " danced", " thanked"], badDeeds = [" cried", " shouted", " sat", " broke"];
var (good, bad) = (FirstTokens(goodDeeds), FirstTokens(badDeeds));
var share = Metric.Of("share of good deeds", logits =>
{
    var p = logits.softmax(-1);
    return p.index_select(-1, good).sum([-1]) / (p.index_select(-1, good).sum([-1]) + p.index_select(-1, bad).sum([-1]));
});

// Reading: a probe on every head's output at the last token, and the shift there: from the mean over bad moods to that over good ones.
var probe = model.Probe(Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => At(layer, head), read, new() { HeldOut = 0.5 });
Console.WriteLine($"Reading: a probe on each head\n{probe}");
var heads = Gpt2.AllLayers.On(model).SelectMany(layer => Gpt2.AllHeads.On(model).Select(head => (Layer: layer, Head: head))).ToArray();
var labels = Probes.LabelsOf(read).to(@bool);
var shifts = heads.ToDictionary(at => (at.Layer.Index, at.Head), at =>
{
    var values = model.CollectValues(At(at.Layer, at.Head), read); // [story, width of a head]
    return values[labels].mean([0]) - values[~labels].mean([0]);
});

// Causing: every head shifted by itself.
var random = Control.MatchedRandom(5);
var alone = model.Sweep(Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Shift([(layer, head)], 4), told, share, new RunOptions { Controls = [random] });
Console.WriteLine($"Causing: each head alone, four times the shift\n{alone}");

// Choosing: so many heads, by what the probe reads, by what they do alone, or by the probe without the one that does most.
var strongest = heads.MaxBy(at => alone[at.Layer, at.Head]);
(string Name, (Gpt2.Block Layer, QueryHead Head)[] Order)[] choices =
[
    ("best read", [.. heads.OrderByDescending(at => probe[at.Layer, at.Head])]),
    ("strongest alone", [.. heads.OrderByDescending(at => alone[at.Layer, at.Head])]),
    ("without it", [.. heads.OrderByDescending(at => probe[at.Layer, at.Head]).Where(at => at != strongest)]),
];
var (counts, strengths) = (Axis.Of(1, 2, 4, 8, 16), Axis.Of(1.0, 2, 4, 8));
var tables = choices.Select(choice => model.Sweep(
    counts, strengths, (count, strength) => Shift(choice.Order[..count], strength), told, share, new RunOptions { Controls = [random] })).ToArray();
foreach (var (choice, table) in choices.Zip(tables))
{
    Console.WriteLine($"{choice.Name}: {string.Join(", ", choice.Order.Take(4).Select(at => $"layer {at.Layer.Index} head {at.Head}"))}, …\n{table}");
}

var scale = ColourScale.Sequential();
var picture = choices.Zip(tables).Aggregate(
    probe.HeatMap(0, "probe", scale).Beside(alone.HeatMap(0, "shifted alone", scale)),
    (all, one) => all.Beside(one.Second.HeatMap(0, one.First.Name, scale)));
picture.SaveHtml("inference-time-intervention.html");
picture.SaveSvg("inference-time-intervention.svg");

// While it writes: at every token, as in the paper.
Console.WriteLine("stories that begin with a good deed while eight heads are shifted at every token, and the first of them");
foreach (var choice in choices)
{
    foreach (var strength in (double[])[1, 2, 4])
    {
        var steer = Shift(choice.Order[..8], strength, Steps.Prompt.And(Steps.Each));
        using var written = model.Generate(steer, told, new GenerationOptions { MaxNewTokens = 8, StopStrings = ["."] });
        var deeds = written.Texts.Average(text => goodDeeds.Any(word => text.StartsWith(word, StringComparison.Ordinal)) ? 1.0 : 0);
        Console.WriteLine($"{choice.Name,-15} {strength}  {deeds,5:P0}  {told[0]}{written.Texts[0]}");
    }
}

static PositionedSite<Gpt2> At(Gpt2.Block layer, QueryHead head) => layer.HeadAttentionValueOutput.Head(head).At(^1);

Experiment<Gpt2, NoSource> Shift(IEnumerable<(Gpt2.Block Layer, QueryHead Head)> chosen, double strength, Steps? during = null) => chosen.Aggregate(
    Gpt2.Experiment,
    (steps, at) => steps.Add(At(at.Layer, at.Head).During(during ?? Steps.Prompt), shifts[(at.Layer.Index, at.Head)] * strength));

string[] Stories(string mood, (string Name, string She)[] of) =>
    [.. of.SelectMany(one => places.Select(place => $"{one.Name} was very {mood} at the {place}. {one.She}"))];

IEnumerable<LabelledPrompt> Labelled(string mood, int label) => Stories(mood, people[..4]).Select(story => new LabelledPrompt(story, label));

Tensor FirstTokens(string[] words) => tensor(words.Select(word => (long)model.Tokenizer!.Encode(word)[0]).ToArray());
