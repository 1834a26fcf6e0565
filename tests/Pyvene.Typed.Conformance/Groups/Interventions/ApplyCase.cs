using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Applies one intervention to tensors, without a model, as <c>apply</c> cases ask.</summary>
internal static class ApplyCase
{
    /// <summary>Runs a case: the base with the features that are meant replaced, or what is collected of it.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        if (golden.Text("error") is not null) throw new UnsupportedCaseException("refusals of an intervention without a model are not supported yet");
        var @base = golden.Tensor(golden.Required("base"));
        var tolerance = golden.Tolerance(Tolerance.Forward);
        // In upstream's own cases a row of subspaces belongs to a unit (the second-last axis), not to an example: with the axes swapped it is one.
        var byUnit = golden.Text("subspace_rows") is "units";
        var got = Apply(golden, Turned(@base, byUnit), byUnit);
        var expected = golden.Required("expect");
        comparison.Tensor("output", Turned(got, byUnit), golden.Tensor(expected.GetProperty("output")), tolerance);
        if (expected.TryGetProperty("base_after", out var after)) comparison.Tensor("base after the call", @base, golden.Tensor(after), default);
    }

    private static Tensor Apply(GoldenCase golden, Tensor @base, bool byUnit)
    {
        var intervention = InterventionReader.Read(golden, golden.Json, null, "subspaces");
        var place = PlaceIndex.Create(@base, null, null, null, FeaturesOf(golden, intervention, @base));
        // A direct call concatenates no units: the module gets the tensors as they are.
        if (intervention is Learned learned) return learned.Module.Apply(@base, golden.Tensor(golden.Required("source")), place.Features);
        var before = place.Gather(@base);
        if (!intervention.Writes) return before;
        var source = golden.Field("source") is { } value ? place.Gather(Turned(golden.Tensor(value).expand(Turned(@base, byUnit).shape), byUnit)) : null;
        var written = @base.clone();
        if (intervention.Apply(before, source, place.Features) is { } changed) place.Scatter(written, changed);
        return written;
    }

    private static IndexRows? FeaturesOf(GoldenCase golden, Intervention intervention, Tensor @base)
    {
        if (golden.Field("subspaces") is { } subspaces)
        {
            var rows = FeatureReader.Read(subspaces, golden.Field("subspace_partition"), 0);
            return IndexRows.PerExample(golden.Flag("use_fast") ? rows.Select(_ => rows[0]) : rows, "features", mayDiffer: true);
        }

        return golden.Field("embed_dim") is { } leading && leading.GetInt32() < @base.shape[^1]
            ? IndexRows.Shared([.. Enumerable.Range(0, leading.GetInt32())], "features") : null;
    }

    private static Tensor Turned(Tensor values, bool byUnit) => byUnit ? values.transpose(0, 1) : values;
}
