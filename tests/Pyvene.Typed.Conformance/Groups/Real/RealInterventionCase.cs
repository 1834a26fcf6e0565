using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Real;

/// <summary>Runs an intervened run of a real model and compares the logits that were recorded of it.</summary>
internal static class RealInterventionCase
{
    /// <summary>Runs the case.</summary>
    public static void Check(PretrainedModel model, GoldenCase golden, Comparison comparison)
    {
        var recorded = RunReader.Read(golden, model);
        using var plan = InterventionPlan.Bind(model, recorded.Config);
        using var run = plan.Run(recorded.Base, recorded.Sources, recorded.Options);
        RealForwardCase.CompareLogits(golden, run.Logits!, comparison);
        if (golden.Required("expect").TryGetProperty("collected", out var collected))
        {
            for (var index = 0; index < collected.GetArrayLength(); index++)
                comparison.Tensor($"collected[{index}]", run.Collected[index], golden.Tensor(collected[index]), new Tolerance(1e-3, 5e-3));
        }
    }
}
