#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 3-5, 14 and 15: read activations. Of a component, by the path of a module, with a function, and beside an intervention.
// Run: dotnet run examples/pyvene-101/01-collect.cs
using Pyvene.Typed;
using Pyvene.Typed.Descriptors;
using static TorchSharp.torch;

using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";

// Cell 3: the attention weights of all heads of a layer, [batch, head, query, key].
using var run = model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(5).AttentionWeight, out var weights), Spain);
Console.WriteLine($"collected [{string.Join(", ", run[weights].shape)}]");

// Cell 4: the same place, as a side of a module with a path.
var module = new ModuleSite<Gpt2>("transformer.h[5].attn.attn_dropout", HookSide.Input);
using var byPath = model.Run(Gpt2.Experiment.Collect(module, out var same), Spain);
Console.WriteLine($"by path: {byPath[same].allclose(run[weights])}");

// Cell 5: a function that looks. It changes nothing, which is a fault unless the run expects it.
Tensor? seen = null;
var look = Gpt2.Experiment.Apply(Gpt2.Layer(5).AttentionWeight, values =>
{
    seen = values.clone().DetachFromDisposeScope();
    return values;
});
using var looked = model.Run(look, Spain, new RunOptions { Effects = EffectCheck.Report });
Console.WriteLine($"by a function: {seen!.allclose(run[weights])}\n");
seen.Dispose();

// Cells 14, 15: a step that collects, behind one that swaps, reads no source and sees what the swap has done.
var last = Gpt2.Layer(5).BlockOutput.At(^1);
using var clean = model.Run(Gpt2.Experiment.Collect(last, out var before), Spain);
using var swapped = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1)).Collect(last, out var after), Spain, Italy);
using var there = model.Run(Gpt2.Experiment.Collect(last, out var ofItaly), Italy);
Console.WriteLine($"distance of Spain's residual stream to Italy's: {Distance(clean[before]):F1}, after the swap {Distance(swapped[after]):F1}");

float Distance(Tensor stream) => (stream - there[ofItaly]).norm().item<float>();
