#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// What TransformerLens users do all day: a cache, an ablated head, patching by layer and position, and its estimate by gradients (attribution patching).
// Run: dotnet run examples/other-libraries/01-transformer-lens.cs
using Pyvene.Typed;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
using var model = Gpt2.Load("models/primer");
const string Clean = "The capital of Spain is", Other = "The capital of Italy is";

// model.run_with_cache(prompt): what is read is said before, and nothing else is kept.
var looks = Gpt2.Experiment.Collect(Gpt2.Layer(3).AttentionWeight, out var pattern).Collect(Gpt2.Layer(3).BlockOutput, out var residual);
using var cache = model.Run(looks, Clean);
Console.WriteLine($"pattern [{string.Join(", ", cache[pattern].shape)}], resid_post [{string.Join(", ", cache[residual].shape)}]\n");

// model.run_with_hooks(prompt, fwd_hooks=[("blocks.3.attn.hook_z", …)]): heads 1 and 2 of layer 3 are set to zero.
using var ablated = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).HeadAttentionValueOutput.Heads(1, 2)), Clean);
Console.WriteLine($"{ablated.TopTokens(3)}{ablated.Receipts[0]}\n");

// patching.get_act_patch_resid_pre(model, tokens, cache, metric): every cell is an exact run.
var metric = Metric.LogitDifference(" Rome", " Madrid");
Console.WriteLine(model.Sweep(Gpt2.AllLayers, Positions.All, (layer, at) => Gpt2.Experiment.Interchange(layer.BlockInput.At(at)), Clean, Other, metric));

// Attribution patching: one backward pass estimates all cells, gradient times difference, and is wrong where the model is not linear.
List<Collected<Gpt2>> handles = [];
var reads = Gpt2.AllLayers.On(model).Aggregate(Gpt2.Experiment, (steps, layer) =>
{
    var next = steps.Collect(layer.BlockInput, out var handle);
    handles.Add(handle);
    return next;
});
using var source = model.Run(reads, Other);
using var run = model.Run(reads, Clean, new RunOptions { Gradients = true });
var (rome, madrid) = (model.Tokenizer!.Encode(" Rome")[0], model.Tokenizer.Encode(" Madrid")[0]);
var gradients = run.Gradients(run.Logits[0, -1, rome] - run.Logits[0, -1, madrid], [.. handles]);
Console.WriteLine("estimated change of the logit difference, by position");
foreach (var (layer, handle) in handles.Index())
{
    var estimate = (gradients[layer] * (source[handle] - run[handle])).sum([0, 2]); // [position]
    Console.WriteLine($"layer {layer}  {string.Join("  ", estimate.data<float>().Select(value => $"{MathF.Round(value, 1) + 0,6:F1}"))}");
}
