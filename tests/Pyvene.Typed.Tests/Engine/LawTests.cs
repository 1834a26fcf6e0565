using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>What holds for every intervention at every place, whatever the numbers are.</summary>
public sealed class LawTests
{
    private static readonly string[] PositionComponents =
        [
            "block_input", "block_output", "mlp_activation", "mlp_output", "mlp_input", "attention_value_output", "attention_output", "attention_input",
            "query_output", "key_output", "value_output", "mlp_hidden", "ln_1_output", "ln_2_output",
        ];

    private static readonly string[] HeadComponents = ["head_attention_value_output", "head_query_output", "head_key_output", "head_value_output"];

    private static readonly Gen<SiteSpec> Sites = Gen.OneOf(
        Gen.Select(Gen.OneOf(PositionComponents), Gen.Int[0, 5], Gen.Int[0, 6], (name, layer, position) =>
            new SiteSpec { Component = name, Layer = layer, At = Positions.Of(position) }),
        Gen.Select(Gen.OneOf(HeadComponents), Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 6], (name, layer, head, position) =>
            new SiteSpec { Component = name, Layer = layer, Heads = Heads.Of(head), At = Positions.Of(position) }),
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], (layer, head) => new SiteSpec { Component = "attention_weight", Layer = layer, Heads = Heads.Of(head) }));

    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report, WithClean = true };

    [Fact]
    public void SwapWithItselfChangesNothing() => Sites.Holds(
        site =>
        {
            using var scope = NewDisposeScope();
            var inputs = Primer.Inputs(2, 7, 1);
            using var run = Run(Config(1, (new Interchange(), site)), inputs, [inputs], Report);
            Assert.Equal(0, run.Receipts[0].ChangedElements);
            Assert.True(Primer.Difference(run.CleanLogits!, run.Logits) < 1e-4, site.ToString());
        },
        iter: 30);

    [Fact]
    public void SwapOfTheWholeOutputOfABlockGivesTheSource()
    {
        using var scope = NewDisposeScope();
        var (@base, source) = (Primer.Inputs(2, 7, 1), Primer.Inputs(2, 7, 2));
        using var run = Run(Config(1, (new Interchange(), new SiteSpec { Component = "block_output", Layer = 2 })), @base, [source], Report);
        using var expected = Primer.Module.call(source);
        Assert.True(Primer.Difference(expected.Logits!, run.Logits) < 1e-4);
    }

    [Fact]
    public void ZeroThenRestoreIsTheCleanRun() => Sites.Holds(
        site =>
        {
            using var scope = NewDisposeScope();
            var inputs = Primer.Inputs(1, 7, 3);
            using var run = Run(Config(1, (new Zero(), site), (new Interchange(), site)), inputs, [inputs], Report);
            Assert.True(Primer.Difference(run.CleanLogits!, run.Logits) < 1e-4, site.ToString());
        },
        iter: 20);

    [Fact]
    public void SharedWorkGivesWhatTheNaiveRunGives() => Gen.Select(Sites, Sites, Gen.Int[1, 3]).Holds(
        (first, second, batch) =>
        {
            using var scope = NewDisposeScope();
            var config = Config(2, (new Interchange(), first), (new Addition(), second));
            config = config with { Interventions = [config.Interventions[0], config.Interventions[1] with { Source = 1 }] };
            var (@base, sources) = (Primer.Inputs(batch, 7, 1), new[] { Primer.Inputs(batch, 7, 2), Primer.Inputs(batch, 7, 3) });
            using var shared = Run(config, @base, sources, Report);
            using var naive = Run(config, @base, sources, Report with { SharesWork = false });
            Assert.True(Primer.Difference(naive.Logits, shared.Logits) < 1e-4 * naive.Logits.abs().max().item<float>(), $"{first} and {second}");
            Assert.True(Primer.Difference(naive.CleanLogits!, shared.CleanLogits!) < 1e-4 * naive.Logits.abs().max().item<float>(), $"{first} and {second}");
        },
        iter: 30);

    [Fact]
    public void BatchOfThreeIsThreeBatchesOfOne()
    {
        using var scope = NewDisposeScope();
        var config = Config(1, (new Interchange(), new SiteSpec { Component = "mlp_output", Layer = 2, At = Positions.Of(^1) }));
        var (@base, source) = (Primer.Inputs(3, 6, 1).InputIds!, Primer.Inputs(3, 6, 2).InputIds!);
        using var together = Run(config, new ModelInputs { InputIds = @base }, [new ModelInputs { InputIds = source }]);
        for (var row = 0; row < 3; row++)
        {
            using var alone = Run(config, new ModelInputs { InputIds = @base.narrow(0, row, 1) }, [new ModelInputs { InputIds = source.narrow(0, row, 1) }]);
            Assert.True(Primer.Difference(alone.Logits, together.Logits.narrow(0, row, 1)) < 1e-4);
        }
    }

    [Fact]
    [Trait("Failure", "SF10 by a law: a component means something else in another architecture")]
    public void ResidualStreamIsTheSumOfWhatIsWrittenIntoIt()
    {
        using var scope = NewDisposeScope();
        string[] parts = ["block_input", "attention_output", "mlp_output", "block_output"];
        var config = Config(0, [.. parts.Select(part => ((Intervention)new Collect(), new SiteSpec { Component = part, Layer = 4 }))]);
        using var run = Run(config, Primer.Inputs(2, 5, 4), []);
        Assert.True(Primer.Difference(run.Collected[3], run.Collected[0] + run.Collected[1] + run.Collected[2]) < 1e-4);
    }

    [Fact]
    [Trait("Failure", "SF05 by a law: padding on the left shifts positions")]
    public void PaddingOnTheLeftMovesNoPosition()
    {
        using var scope = NewDisposeScope();
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(2).MlpOutput.At(^1)).Interchange(Gpt2.Layer(0).BlockOutput.At(3));
        using var alone = Primer.Model.Run(experiment, "The capital of Spain is", "The capital of Italy is");
        using var padded = Primer.Model.Run(
            experiment,
            new[] { "When Mary and John went to the store, John gave a drink to", "The capital of Spain is" },
            new[] { "When Mary and Anna went to the park, Anna gave a drink to", "The capital of Italy is" });
        Assert.True(Primer.Difference(alone.Logits[0, ^1], padded.Logits[1, ^1]) < 1e-4);
    }

    [Fact]
    [Trait("Failure", "SF14 by a law: results are kept until memory is full")]
    public void RunsLeaveNoTensorBehindAlsoWhenTheyThrow()
    {
        using var scope = NewDisposeScope();
        var (@base, source) = (Primer.Inputs(1, 6, 1), Primer.Inputs(1, 6, 2));
        using var plan = InterventionPlan.Bind(
            Primer.Module, Config(1, (new Interchange(), new SiteSpec { Component = "mlp_output", Layer = 3, At = Positions.Of(2) })));
        plan.Run(@base, [source]).Dispose();
        var before = scope.DisposablesCount;
        for (var index = 0; index < 50; index++)
        {
            plan.Run(@base, [source]).Dispose();
            Assert.ThrowsAny<Exception>(() => plan.Run(@base, [@base])); // a swap with itself has no effect
        }

        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    [Trait("Failure", "SF06 by a law: the loss ignores the mask, or the labels")]
    public void LossCountsTheLabelsOfTheBaseAndNoPadding()
    {
        using var scope = NewDisposeScope();
        var config = Config(1, (new Interchange(), new SiteSpec { Component = "mlp_output", Layer = 2, At = Positions.Of(1) }));
        var (@base, source) = (Primer.Inputs(2, 7, 1).InputIds!, Primer.Inputs(2, 7, 2).InputIds!);
        var mask = tensor(new long[,] { { 1, 1, 1, 1, 0, 0, 0 }, { 1, 1, 1, 1, 1, 1, 1 } });
        var labels = @base.masked_fill(mask.eq(0), -100);
        using var together = Run(
            config,
            new ModelInputs { InputIds = @base, AttentionMask = mask, Labels = labels },
            [new ModelInputs { InputIds = source, AttentionMask = mask, Labels = source }]);

        var predicted = together.Logits.narrow(1, 0, 6).log_softmax(-1); // [row, position - 1, vocab]
        var counted = mask.narrow(1, 1, 6).to(float32);
        var byHand = (predicted.gather(2, @base.narrow(1, 1, 6).unsqueeze(-1)).squeeze(-1) * counted).sum().neg() / counted.sum();
        Assert.True(Primer.Difference(byHand, together.Loss!) < 1e-5);

        var tokens = new[] { 4L, 7L };
        var alone = Enumerable.Range(0, 2).Select(row =>
        {
            var own = @base.narrow(0, row, 1).narrow(1, 0, tokens[row]);
            using var run = Run(
                config, new ModelInputs { InputIds = own, Labels = own }, [new ModelInputs { InputIds = source.narrow(0, row, 1).narrow(1, 0, tokens[row]) }]);
            return run.Loss!.item<float>() * (tokens[row] - 1);
        });
        Assert.Equal(alone.Sum() / 9, together.Loss!.item<float>(), 1e-4f); // 3 and 6 tokens are predicted
    }

    private static InterventionConfig Config(int sources, params (Intervention Intervention, SiteSpec Site)[] interventions) => new()
    {
        Architecture = "gpt2",
        Sources = sources,
        Interventions = [.. interventions.Select(item => new InterventionSpec { Intervention = item.Intervention, Site = item.Site })],
    };

    private static InterventionRun Run(InterventionConfig config, ModelInputs @base, IReadOnlyList<ModelInputs?> sources, RunOptions? options = null)
    {
        using var plan = InterventionPlan.Bind(Primer.Module, config);
        return plan.Run(@base, sources, options);
    }
}
