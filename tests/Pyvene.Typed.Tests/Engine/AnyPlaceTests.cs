using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Whatever is asked of whatever module: the answer is one clear refusal, or what the naive run gives.</summary>
public sealed class AnyPlaceTests
{
    private const int Rows = 2;
    private static readonly Intervention[] Interventions =
    [
        new Interchange(),
        new Addition(),
        new Subtraction(),
        new Zero(),
        new Collect(),
        new Skip(),
        new AddInputMean(),
        new Noise(new ConstantSource([4], [1, 2, 3, 4]), 0.5),
    ];

    public static TheoryData<string, string> Classes => ShippedModels.Classes;

    [Theory]
    [MemberData(nameof(Classes))]
    public void RunIsRefusedOrGivesWhatTheNaiveRunGives(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        string[] paths = [.. model.named_modules().Select(module => module.name).Where(name => name.Length > 0)];
        var answered = 0;
        Gen.Select(Specs(paths).Array[1, 3], Gen.Enum<CompositionMode>(), Gen.Bool).Holds(
            (specs, mode, nextTokenOnly) =>
            {
                using var scope = NewDisposeScope();
                var (@base, first, second) =
                    (ShippedModels.Inputs(model, Rows, 5, 1), ShippedModels.Inputs(model, Rows, 5, 2), ShippedModels.Inputs(model, Rows, 5, 3));
                var options = new RunOptions { Effects = EffectCheck.Report, WithClean = true, NextTokenOnly = nextTokenOnly };
                try
                {
                    using var plan = InterventionPlan.Bind(model, new InterventionConfig { Mode = mode, Sources = 2, Interventions = [.. specs] });
                    using var shared = plan.Run(@base, [first, second], options);
                    using var naive = plan.Run(@base, [first, second], options with { SharesWork = false });
                    Assert.Equal(naive.Output.shape, shared.Output.shape);
                    Assert.True(allclose(naive.Output, shared.Output, rtol: 1e-3, atol: 1e-3, equal_nan: true));
                    GoesOnFromItsCleanPart(plan, @base, [first, second], nextTokenOnly ? naive.Output : null);
                    answered++;
                }
                catch (InterventionException refusal)
                {
                    Assert.NotNull(refusal.Field);
                }
            },
            iter: 40);
        Assert.InRange(answered, 2, 36); // both answers are met; values of a GRU have two axes and those of images no positions, so more is refused there
    }

    private static void GoesOnFromItsCleanPart(InterventionPlan plan, ModelInputs @base, ModelInputs[] sources, Tensor? expected)
    {
        if (expected is null || !plan.HasCleanPart) return;
        using var scope = NewDisposeScope();
        var (target, read) = (new Batch(@base), sources.Select(source => new Batch(source)).ToArray());
        var known = plan.ReadClean(target, read, plan.FirstPositionOf(target));
        using var run = plan.Run(target, read, new RunOptions { Effects = EffectCheck.Report, NextTokenOnly = true }, known);
        Assert.Equal(expected.shape, run.Output.shape);
        Assert.True(allclose(expected, run.Output, rtol: 1e-3, atol: 1e-3, equal_nan: true));
    }

    /// <summary>Returns interventions at any module, of which about half are sound.</summary>
    private static Gen<InterventionSpec> Specs(string[] paths)
    {
        var heads = Gen.OneOf(
            Gen.Const((Heads?)null),
            Gen.Int[0, 3].Select(head => (Heads?)Heads.Of(head)),
            Gen.Int[0, 1].Array[Rows].Select(rows => (Heads?)Heads.PerExample([.. rows.Select(head => new[] { head })])));
        var positions = Gen.OneOf(
            Gen.Const((Positions?)null),
            Gen.Int[0, 5].Select(index => (Positions?)Positions.Of(index)),
            Gen.Int[1, 3].Select(index => (Positions?)Positions.Of(^index)),
            Gen.Int[0, 4].Array[Rows].Select(rows => (Positions?)Positions.Columns([.. rows.Select(column => new[] { column })])));
        var features = Gen.OneOf(
            Gen.Const((Features?)null),
            Gen.Const((Features?)null),
            Gen.Int[0, 12].Select(feature => (Features?)Features.Of(feature)),
            Gen.Int[1, 3].Array[Rows].Select(counts => (Features?)Features.PerExample([.. counts.Select(count => Enumerable.Range(0, count).ToArray())])));
        var axes = Gen.Frequency(
            (6, Gen.Const(new SiteSpec())),
            (1, Gen.Int[1, 2].Select(axis => new SiteSpec { HeadAxis = axis })),
            (1, Gen.Int[1, 3].Select(count => new SiteSpec { HeadCount = count })));
        return Gen.Select(
            Gen.Select(Gen.Int[0, paths.Length - 1], Gen.Enum<HookSide>(), Gen.Frequency((9, Gen.Const(0)), (1, Gen.Const(1))), axes, Gen.Frequency(
                (12, Gen.Const((PositionUnit?)null)), (1, Gen.Const((PositionUnit?)PositionUnit.Step)))),
            Gen.Select(heads, positions, features),
            Gen.Int[0, Interventions.Length - 1],
            Gen.Int[0, 1],
            (place, part, intervention, source) => new InterventionSpec
            {
                Intervention = Interventions[intervention],
                Source = source,
                Site = place.Item4 with
                {
                    ModulePath = paths[place.Item1],
                    Side = place.Item2,
                    Item = place.Item3,
                    Unit = place.Item5,
                    Heads = place.Item4 == new SiteSpec() ? null : part.Item1,
                    At = part.Item2,
                    Features = part.Item3,
                },
            });
    }
}
