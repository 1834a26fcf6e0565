using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>The laws at random places of every class of every shipped descriptor.</summary>
public sealed class EveryArchitectureTests : IDisposable
{
    private const int Length = 7;
    private const int Places = 12;

    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report, WithClean = true };

    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string, string> Classes => ShippedModels.Classes;

    public static TheoryData<string, string> Decoders =>
        ShippedModels.ClassesThat((_, className) => className.EndsWith("ForCausalLM", StringComparison.Ordinal) || className == "GPT2LMHeadModel");

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Classes))]
    public void SwapWithItselfChangesNothing(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        PlacesOf(key, className, model).Holds(
            site =>
            {
                using var inner = NewDisposeScope();
                var inputs = ShippedModels.Inputs(model, 2, Length, 1);
                using var run = Run(model, Config(key, 1, (new Interchange(), site)), inputs, [inputs]);
                Assert.Equal(0, run.Receipts[0].ChangedElements);
                AssertClose(run.CleanOutput!, run.Output, site);
            },
            Places);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void ZeroThenRestoreIsTheCleanRun(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        PlacesOf(key, className, model).Holds(
            site =>
            {
                using var inner = NewDisposeScope();
                var inputs = ShippedModels.Inputs(model, 2, Length, 1);
                using var run = Run(model, Config(key, 1, (new Zero(), site), (new Interchange(), site)), inputs, [inputs]);
                AssertClose(run.CleanOutput!, run.Output, site);
            },
            Places);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void SharedWorkGivesWhatTheNaiveRunGives(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        Gen.Select(PlacesOf(key, className, model), PlacesOf(key, className, model)).Holds(
            (first, second) =>
            {
                using var inner = NewDisposeScope();
                var config = Config(key, 1, (new Interchange(), first), (new Subtraction(), second));
                var (@base, source) = (ShippedModels.Inputs(model, 2, Length, 1), ShippedModels.Inputs(model, 2, Length, 2));
                using var shared = Run(model, config, @base, [source]);
                using var naive = Run(model, config, @base, [source], Report with { SharesWork = false });
                AssertClose(naive.Output, shared.Output, first, second);
                AssertClose(naive.CleanOutput!, shared.CleanOutput!, first, second);
            },
            Places);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void BatchOfThreeIsThreeBatchesOfOne(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        PlacesOf(key, className, model).Holds(
            site =>
            {
                using var inner = NewDisposeScope();
                var config = Config(key, 1, (new Interchange(), site));
                var (@base, source) = (ShippedModels.Inputs(model, 3, Length, 1), ShippedModels.Inputs(model, 3, Length, 2));
                using var together = Run(model, config, @base, [source]);
                for (var row = 0; row < 3; row++)
                {
                    using var alone = Run(model, config, Row(@base, row), [Row(source, row)]);
                    var own = together.Output.narrow(0, row, 1);
                    // what compares the rows of two towers has an output for every pair of them
                    AssertClose(alone.Output, model.RowsAreIndependent ? own : own.narrow(1, row, 1), site);
                }
            },
            Places / 3);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void RunsLeaveNoTensorBehindAlsoWhenTheyThrow(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        var (@base, source) = (ShippedModels.Inputs(model, 1, Length, 1), ShippedModels.Inputs(model, 1, Length, 2));
        var fails = false;
        var failing = new CustomIntervention((values, _, _) => fails ? throw new InvalidOperationException("as intended") : values + 1);
        using var plan = InterventionPlan.Bind(model, Config(key, 1, (failing, ShippedModels.Sites(key, className, model.Config).Last())));
        plan.Run(@base, [source], Report).Dispose();
        var before = LiveTensors.OfThisThread;
        for (var round = 0; round < 10; round++)
        {
            fails = round % 2 == 0;
            if (fails) Assert.ThrowsAny<Exception>(() => plan.Run(@base, [source], Report));
            else plan.Run(@base, [source], Report).Dispose();
        }

        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void PaddingOnEitherSideMovesNoPosition(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        PlacesOf(key, className, model).Holds(
            site =>
            {
                using var inner = NewDisposeScope();
                var config = Config(key, 1, (new Interchange(), site));
                var (@base, source) = (ShippedModels.Inputs(model, 2, Length, 1), ShippedModels.Inputs(model, 2, Length, 2));
                using var plain = Run(model, config, @base, [source]);
                using var left = Run(model, config, Padded(@base, 3, 0), [Padded(source, 3, 0)]);
                using var right = Run(model, config, Padded(@base, 0, 2), [Padded(source, 0, 2)]);
                AssertClose(plain.Output, left.Output.narrow(1, 3, Length), site);
                AssertClose(plain.Output, right.Output.narrow(1, 0, Length), site);
            },
            Places / 2);
    }

    // A place of the model with a position, a head and a part of the features where it has them.
    private static Gen<SiteSpec> PlacesOf(string key, string className, PretrainedModel model)
    {
        var descriptor = ShippedModels.Find(key);
        var sizes = new ArchitectureSizes(descriptor, model.Config);
        SiteSpec[] sites = [.. ShippedModels.Sites(key, className, model.Config)];
        return Gen.Select(Gen.Int[0, sites.Length - 1], Gen.Int[0, Length - 1], Gen.Int[0, 1], Gen.Bool, (index, position, head, isWhole) =>
        {
            var site = sites[index];
            Assert.True(descriptor.TryFindComponent(site.Component!, out var component));
            var hasPositions = component.Axes.Any(axis => axis is "position" or "step" or "patch");
            return site with
            {
                At = hasPositions && !isWhole ? Positions.Of(position) : null,
                Heads = component.Heads is { } heads && !isWhole ? Heads.Of(Math.Min(head, (int)sizes[heads] - 1)) : null,
            };
        });
    }

    private static ModelInputs Row(ModelInputs inputs, int row) => inputs.SelectRows(tensor(new long[] { row }));

    private static ModelInputs Padded(ModelInputs inputs, int left, int right)
    {
        var ids = inputs.InputIds!;
        var (before, after) = (zeros([ids.shape[0], left], int64), zeros([ids.shape[0], right], int64));
        var mask = cat([before, ones_like(ids), after], 1); // [row, position]
        return new ModelInputs { InputIds = cat([before, ids, after], 1), AttentionMask = mask, PositionIds = (mask.cumsum(1) - 1).clamp(min: 0) };
    }

    private static void AssertClose(Tensor expected, Tensor actual, params SiteSpec[] sites)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (difference, largest) = ((expected - actual).abs().max().item<float>(), expected.abs().max().item<float>());
        Assert.True(difference <= 1e-4f * Math.Max(1, largest), $"{string.Join(" and ", sites.AsEnumerable())}: {difference} of {largest}.");
    }

    private static InterventionConfig Config(string key, int sources, params (Intervention Intervention, SiteSpec Site)[] interventions) => new()
    {
        Architecture = key,
        Sources = sources,
        Interventions = [.. interventions.Select(item => new InterventionSpec { Intervention = item.Intervention, Site = item.Site })],
    };

    private static InterventionRun Run(
        PretrainedModel model, InterventionConfig config, ModelInputs @base, IReadOnlyList<ModelInputs?> sources, RunOptions? options = null)
    {
        using var plan = InterventionPlan.Bind(model, config);
        return plan.Run(@base, sources, options ?? Report);
    }
}
