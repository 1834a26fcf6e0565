using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Applies one intervention to tensors, without a model, as <c>apply</c> cases ask.</summary>
internal static class ApplyCase
{
    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report };

    /// <summary>Runs a case: the base with the features that are meant replaced, what is collected of it, or a refusal.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        var @base = golden.Tensor(golden.Required("base"));
        if (golden.Text("error") is { } error)
        {
            CheckRefusal(golden, comparison, @base, error[..error.IndexOf(':', StringComparison.Ordinal)]);
            return;
        }

        var expected = golden.Required("expect");
        comparison.Tensor("output", Apply(golden, @base), golden.Tensor(expected.GetProperty("output")), golden.Tolerance(Tolerance.Forward));
        if (expected.TryGetProperty("base_after", out var after)) comparison.Tensor("base after the call", @base, golden.Tensor(after), default);
    }

    private static void CheckRefusal(GoldenCase golden, Comparison comparison, Tensor @base, string field)
    {
        try
        {
            Apply(golden, @base);
            comparison.Fail($"nothing was refused, expected an error that names {field}");
        }
        catch (InterventionException refused)
        {
            var named = refused.Field switch { "constant" => "source", "features" => "subspaces", var other => other };
            comparison.Exact("the field of the error", named, field);
        }
    }

    private static Tensor Apply(GoldenCase golden, Tensor @base)
    {
        var intervention = InterventionReader.Read(golden, golden.Json, null, "subspaces");
        // In upstream's own cases a row of subspaces belongs to a unit (the second-last axis), not to an example: with the axes swapped it is one.
        var byUnit = golden.Text("subspace_rows") is "units";
        // pyvene hands every intervention that writes a source, also one that does not look at it.
        var isRead = intervention.Source is not SourceNeed.None || !intervention.Writes;
        var source = isRead && golden.Field("source") is { } given ? golden.Tensor(given) : null;
        var features = FeaturesOf(golden, @base);
        // A direct call concatenates no units: the module gets the tensors as they are.
        if (intervention is Learned learned) return learned.Module.Apply(@base, source!, PlaceIndex.Create(@base, null, null, null, features?.Index).Features);
        var config = new InterventionConfig
        {
            Interventions =
            [
                new InterventionSpec
                {
                    Intervention = intervention,
                    Site = new SiteSpec { ModulePath = "values", Features = features },
                    Constant = source is null ? null : ConstantSource.Of(source.ndim == @base.ndim ? Turned(source, byUnit) : source),
                },
            ],
        };
        using var module = new TensorPlace();
        using var plan = InterventionPlan.Bind(module, config);
        using var run = plan.Run(Turned(@base, byUnit), options: Report);
        return Turned(intervention.Writes ? run.Output : run.Collected[0], byUnit).clone();
    }

    private static Features? FeaturesOf(GoldenCase golden, Tensor @base)
    {
        if (golden.Field("subspaces") is { } subspaces)
        {
            var rows = FeatureReader.Read(subspaces, golden.Field("subspace_partition"), 0);
            return golden.Flag("use_fast") || rows.Length == 1 ? Features.Of(rows[0]) : Features.PerExample(rows);
        }

        return golden.Field("embed_dim") is { } leading && leading.GetInt32() < @base.shape[^1] ? Features.In(..leading.GetInt32()) : null;
    }

    private static Tensor Turned(Tensor values, bool byUnit) => byUnit ? values.transpose(0, 1) : values;
}
