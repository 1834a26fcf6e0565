using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Conformance;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>A network that was trained on hierarchical equality, and the rotation that pyvene's DAS found in it.</summary>
public sealed class HierarchicalEqualityTests
{
    private static readonly string Folder = Path.Combine(GoldenRoots.Own, "training", "das");

    [Fact]
    public void RotationThatPyveneFoundHasItsRecordedAccuracyHere()
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoader.Load(Path.Combine(Folder, "mlp-trained"));
        using var rotation = new RotatedSpace(16);
        using (var found = SafetensorsFile.Open(Path.Combine(Folder, "rotation-mlp42-das1.safetensors"))) rotation.AssignRotation(found.Read("rotation"));
        using var plan = Mlp.Experiment.Apply(Mlp.Layer(0).BlockOutput.Features(..8), rotation)
            .Apply(Mlp.Layer(0).BlockOutput.Features(8..16).From(Source.Second), rotation).Bind(model);
        Assert.Equal(0.8955, plan.Evaluate(Test(), batchSize: 2000).Accuracy, 0.0005);
    }

    // What is intervened on: 0 the left pair, 1 the right one (its source stands first), 2 both.
    private static CounterfactualSet Test()
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder, "test2000.safetensors"));
        var (source, kind) = (file.Read("source"), file.Read("intervention_id"));
        var right = where(kind.eq(1).unsqueeze(1), source.select(1, 0), source.select(1, 1));
        return CounterfactualSet.OfTensors(
            Vectors(file.Read("base")), [Vectors(source.select(1, 0)), Vectors(right)], file.Read("labels"), stack([kind.ne(1), kind.ne(0)], 1));

        static ModelInputs Vectors(Tensor values) => new() { InputsEmbeds = values.unsqueeze(1) };
    }
}
