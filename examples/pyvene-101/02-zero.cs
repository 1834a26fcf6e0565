#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 6-9, 11, 26 and 27: zeros and other constants. As a step, by functions, for some features; printed, saved and loaded.
// Run: dotnet run examples/pyvene-101/02-zero.cs
using Pyvene.Typed;
using static TorchSharp.torch;

using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is";
var mlp = Gpt2.Layer(0).MlpOutput;

// Cell 6: zeros at one position; the clean output comes along.
using var zero = model.Run(Gpt2.Experiment.Zero(mlp.At(3)), Spain);
Console.WriteLine(zero.TopTokens(3));
using var constant = model.Run(Gpt2.Experiment.Interchange(mlp.At(3), new float[128]), Spain);
Console.WriteLine($"a constant of zeros does the same: {constant.Logits.allclose(zero.Logits)}");

// Cell 7: a function that masks.
using var mask = ones(1, 5, 1).index_fill_(1, tensor(3L), 0);
using var masked = model.Run(Gpt2.Experiment.Apply(mlp, values => values * mask), Spain);
Console.WriteLine($"a mask does the same: {masked.Logits.allclose(zero.Logits)}");

// Cell 8: a function that is told the position: it captures it.
using var told = model.Run(Gpt2.Experiment.Apply(mlp, ZeroAt(3)), Spain);
Console.WriteLine($"a function does the same: {told.Logits.allclose(zero.Logits)}\n");

// Cell 9: three features, with a constant that a run may replace.
var some = Gpt2.Experiment.Interchange(mlp.At(3).Features(10..13), new float[3], out var value);
using var three = model.Run(some.With(value, new float[] { 1, 2, 3 }), Spain);
Console.WriteLine($"{three.Receipts[0]}\n");

// Cells 11, 26, 27: an experiment is data, printed, saved and loaded.
var four = Gpt2.AllLayers.Of(4).Aggregate(Gpt2.Experiment, (steps, layer) => steps.Zero(layer.MlpOutput.At(3)));
Console.WriteLine(four.ToConfig().ToJson());
var file = Path.GetTempFileName();
four.ToConfig().Save(file);
var loaded = Gpt2.Experiment.Load<NoSource>(file);
File.Delete(file);
Console.WriteLine($"loaded, it is the same: {loaded.ToConfig() == four.ToConfig()}");

static Func<Tensor, Tensor> ZeroAt(long position) => values => values.index_fill(1, tensor(position), 0);
