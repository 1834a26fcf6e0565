#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// Which states carry a fact? Noise hides the country; then one state after the other is restored from the clean run (causal tracing, ROME).
// Run: dotnet run examples/studies/01-causal-tracing.cs (a real GPT-2: … -- --model openai-community/gpt2)
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Lab;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
random.manual_seed(1);
using var model = Gpt2.Load(args is ["--model", var name] ? name : "models/primer");
string[] countries = "Spain Italy France Germany Greece Russia Japan China Egypt Cuba".Split(' ');
string[] capitals = "Madrid Rome Paris Berlin Athens Moscow Tokyo Beijing Cairo Havana".Split(' ');
const int Draws = 3; // every prompt stands three times, each with noise of its own

string[] prompts = [.. Enumerable.Repeat(countries, Draws).SelectMany(all => all).Select(country => $"The capital of {country} is")];
var metric = Metric.Probability([.. Enumerable.Repeat(capitals, Draws).SelectMany(all => all).Select(capital => " " + capital)]);

// Noise on the country's embedding, of three standard deviations, as in the paper.
using var read = model.Run(Gpt2.Experiment.Collect(Gpt2.EmbeddingOutput.At(^2), out var embeddings), prompts);
var noise = new Noise(randn(prompts.Length, 1, model.HiddenSize), 3 * read[embeddings].std().item<float>());
var corrupted = Gpt2.Experiment.WithSources(1).Apply(Gpt2.Layer(0).BlockInput.At(^2), noise);
using var broken = model.Run(corrupted, prompts, [Source.Skip]);
var (low, high) = (broken.Measure(metric).Mean, read.Measure(metric).Mean);
Console.WriteLine($"p(capital): clean {high:F2}, with noise on the country {low:F2}\n");

// One state from the clean run, or those of a window of layers around it, comes back.
var window = Math.Max(3, model.LayerCount / 5);
var layers = Gpt2.AllLayers.On(model);
var shuffled = new RunOptions { Controls = [Control.ShuffledSource, Control.MatchedRandom(5)] };
var block = Trace((layer, at) => corrupted.Interchange(layer.BlockOutput.At(at).From(Source.At(0))));
var mlp = Trace((layer, at) => Around(layer).Aggregate(corrupted, (steps, one) => steps.Interchange(one.MlpOutput.At(at).From(Source.At(0)))));
var attention = Trace((layer, at) => Around(layer).Aggregate(corrupted, (steps, one) => steps.Interchange(one.AttentionOutput.At(at).From(Source.At(0)))));

var picture = Picture(block, "p(capital), block output restored")
    .Beside(Picture(mlp, $"MLP outputs of {window} layers"))
    .Beside(Picture(attention, $"attention outputs of {window} layers"));
Console.WriteLine(picture);
foreach (var (what, table) in new[] { ("block output", block), ("MLP outputs", mlp), ("attention outputs", attention) })
{
    var controls = table.Controls.Select(control => $"{control} {Highest(table.Of(control)):F2}");
    Console.WriteLine($"highest p(capital), {what}: {Highest(table):F2}; {string.Join("; ", controls)}");
}

picture.SaveHtml("causal-tracing.html");
picture.SaveSvg("causal-tracing.svg");

SweepTable<Gpt2.Block, Index> Trace(Func<Gpt2.Block, Index, Experiment<Gpt2, ManySources>> restored) =>
    model.Sweep(Gpt2.AllLayers, Positions.All, restored, prompts, [prompts], metric, shuffled);

IEnumerable<Gpt2.Block> Around(Gpt2.Block layer) => layers.Where(other => Math.Abs(other.Index - layer.Index) <= window / 2);

HeatMap Picture(SweepTable table, string title) => table.HeatMap(title: title, scale: ColourScale.Sequential(low, high));

static double Highest(SweepTable table) => table.ToArray().Cast<double>().Max();
