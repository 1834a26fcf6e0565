#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 39-41, 46 and 47: path patching and causal tracing are functions that return experiments; a direction in a path learns.
// Run: dotnet run examples/pyvene-101/10-paths.cs
using Pyvene.Typed;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
random.manual_seed(1);
using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";

// Cell 39: one head is swapped, and everything between it and the last layer is held at its clean value, which a second source is: the base itself.
using var path = model.Run(Held(Gpt2.Experiment.Interchange(Gpt2.Layer(3).HeadAttentionValueOutput.Head(2).At(^1)), after: 3), Spain, Italy, Spain);
Console.WriteLine($"{path.Receipts.Count} steps\n{path.TopTokens(3)}\n");

// Cell 40: saved and loaded.
var file = Path.GetTempFileName();
Held(Gpt2.Experiment.Interchange(Gpt2.Layer(3).HeadAttentionValueOutput.Head(2).At(^1)), after: 3).ToConfig().Save(file);
using var again = model.Run(Gpt2.Experiment.Load<TwoSources>(file), Spain, Italy, Spain);
Console.WriteLine($"loaded, it does the same: {again.Logits.allclose(path.Logits)}\n");
File.Delete(file);

// Cell 41: noise on the subject's embedding, and a window of MLPs restored from a clean run.
var noise = new Noise(randn(1, 1, 128), 0.5);
foreach (var center in (int[])[1, 4])
{
    var restored = Gpt2.Layers((center - 1)..(center + 2)).On(model).Aggregate(
        Gpt2.Experiment.WithSources(1).Apply(Gpt2.Layer(0).BlockInput.At("Spain"), noise),
        (steps, layer) => steps.Interchange(layer.MlpActivation.At("Spain").From(Source.At(0))));
    using var run = model.Run(restored, Spain, [Spain]);
    Console.WriteLine($"MLPs around layer {center} restored: p(Madrid) {run.Measure(Metric.Probability(" Madrid")).Mean:F2}");
}

// Cells 46, 47: the head's values are swapped in one direction, which learns; the clean values pass its gradient on.
using var direction = new LowRankRotatedSpace(width: 32, rank: 1);
var learned = Held(Gpt2.Experiment.Apply(Gpt2.Layer(3).HeadAttentionValueOutput.Head(2).At(^1), direction), after: 3);
using var learning = model.Run(learned, Spain, Italy, Spain, new RunOptions { Gradients = true });
learning.Logits[0, -1, model.Tokenizer!.Encode(" Rome")[0]].backward();
Console.WriteLine($"\nthe direction has a gradient: {direction.parameters().First().grad!.abs().sum().item<float>() > 0}");

Experiment<Gpt2, TwoSources> Held(Experiment<Gpt2, OneSource> sent, int after) => Gpt2.Layers((after + 1)..5).On(model).Aggregate(
    sent.Interchange(Gpt2.Layer(after).MlpOutput.At(^1).From(Source.Second)),
    (steps, layer) => steps.Interchange(layer.AttentionOutput.At(^1).From(Source.Second)).Interchange(layer.MlpOutput.At(^1).From(Source.Second)));
