#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 35-37: parts of a learned space that have names, steps that share what they have learned, and many positions alike.
// Run: dotnet run examples/pyvene-101/09-subspaces.cs
using Pyvene.Typed;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

random.manual_seed(1);
using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";
using var rotation = new RotatedSpace(width: 128);
var parts = Partition.Even(128, Variable.Country, Variable.Relation);
var place = Gpt2.Layer(0).BlockOutput.At(^1);

// Cell 35: a part of the rotated space is swapped, chosen by its name.
using var part = model.Run(Gpt2.Experiment.Apply(place.Features(parts[Variable.Relation]), rotation), "The language of Spain is", Italy);
Console.WriteLine($"{part.Receipts[0]}\n");

// Cell 36: the same object in two steps is one rotation, so that both parts together are the whole, in either order.
var (country, relation) = (place.Features(parts[Variable.Country]), place.Features(parts[Variable.Relation]));
using var whole = model.Run(Gpt2.Experiment.Apply(place, rotation), "The language of Spain is", Italy);
using var both = model.Run(Gpt2.Experiment.Apply(country, rotation).Apply(relation, rotation), "The language of Spain is", Italy);
using var turned = model.Run(Gpt2.Experiment.Apply(relation, rotation).Apply(country, rotation), "The language of Spain is", Italy);
Console.WriteLine($"{both.Logits.allclose(whole.Logits, atol: 1e-4)}, {turned.Logits.allclose(whole.Logits, atol: 1e-4)}\n");

// Cell 37: one direction at two positions is two steps, or one step that takes every position by itself.
using var direction = new LowRankRotatedSpace(width: 128, rank: 1);
using var alike = new LowRankRotatedSpace(width: 128, rank: 1) { IsPerUnit = true };
alike.load_state_dict(direction.state_dict());
var stream = Gpt2.Layer(0).BlockOutput;
using var two = model.Run(Gpt2.Experiment.Apply(stream.At(4), direction).Apply(stream.At(3), direction), Spain, Italy);
using var one = model.Run(Gpt2.Experiment.Apply(stream.At(3, 4), alike), Spain, Italy);
Console.WriteLine($"largest difference below 0.0001: {(two.Logits - one.Logits).abs().max().item<float>() < 1e-4}");

internal enum Variable
{
    Country,
    Relation,
}
