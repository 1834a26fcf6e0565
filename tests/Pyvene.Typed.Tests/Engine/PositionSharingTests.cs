using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Blocks that compute only the positions that can change give what runs of all positions give.</summary>
public sealed class PositionSharingTests
{
    private const int Length = 7;
    private const int Padding = 2;

    /// <summary>Windows of 4 keys are among them (Mistral, Gemma 2), shared key heads, capped scores and partial rotary positions.</summary>
    public static TheoryData<string> Decoders => [.. TinyModels.LanguageModelNames, "GPT2LMHeadModel"];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void SweepOfChangedPositionsIsTheSweepOfNaiveRuns(string className)
    {
        using var model = Create(className);
        using var scope = NewDisposeScope();
        InterventionConfig[] cells = [.. from block in Enumerable.Range(0, 3)
            from position in Enumerable.Range(0, Length - Padding)
            select Config(1, Swap(model, block, ".mlp", Positions.Of(position)))];
        using var sweep = InterventionSweep.Bind(model, cells);
        foreach (var masked in new[] { false, true })
        {
            var (@base, source) = (Inputs(2, 1, masked), Inputs(2, 2, masked));
            using var packed = sweep.Run(@base, [source]);
            using var whole = sweep.Run(@base, [source], WorkSharing.All & ~WorkSharing.Positions);
            using var naive = sweep.Run(@base, [source], WorkSharing.None);
            AssertClose(naive.Logits, packed.Logits);
            AssertClose(naive.Logits, whole.Logits);
            AssertClose(naive.CleanLogits, packed.CleanLogits);
            Assert.True(Primer.Difference(naive.Logits[9], naive.CleanLogits) > 1e-3); // the cells do something
        }

        Assert.True(sweep.Explain(Inputs(2, 1), [Inputs(2, 2)]).MultiplyAdds
            < sweep.Explain(Inputs(2, 1), [Inputs(2, 2)], WorkSharing.All & ~WorkSharing.Positions).MultiplyAdds);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void RunWithItsCleanRunBesideGivesAllLogitsAndCollectedValues(string className)
    {
        using var model = Create(className);
        using var scope = NewDisposeScope();
        var config = Config(
            2,
            Swap(model, 0, "", Positions.Of(4)),
            Swap(model, 2, ".mlp", Positions.Of(5, 3)) with { Source = 1, Intervention = new Addition() },
            Swap(model, 1, "", Positions.Of(6)) with { Intervention = new Collect() });
        var (@base, sources) = (Inputs(3, 1), new[] { Inputs(3, 2), Inputs(3, 3) });
        using var plan = InterventionPlan.Bind(model, config);
        using var packed = plan.Run(@base, sources, new RunOptions { WithClean = true });
        using var naive = plan.Run(@base, sources, new RunOptions { WithClean = true, SharesWork = false });
        AssertClose(naive.Logits, packed.Logits);
        AssertClose(naive.CleanLogits!, packed.CleanLogits!);
        AssertClose(naive.Collected[0], packed.Collected[0]);
        // which is rounded
        Assert.Equal(naive.Receipts, packed.Receipts.Select((receipt, index) => receipt with { LargestChange = naive.Receipts[index].LargestChange }));
        Assert.Equal(
            3, Assert.Single(plan.Explain(@base, sources, new RunOptions { WithClean = true }).Passes).Runs.Single(run => run.Role == "base").FirstPosition);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void PaddingBeforeATextSeesAllPositionsAndIsComputedWhenTheyChange(string className)
    {
        using var model = Create(className);
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(model, Config(1, Swap(model, 1, "", Positions.Of(3))));
        var (@base, source) = (Inputs(2, 1, masked: true), Inputs(2, 2, masked: true));
        using var shared = plan.Run(@base, [source], new RunOptions { WithClean = true });
        using var naive = plan.Run(@base, [source], new RunOptions { WithClean = true, Sharing = WorkSharing.None });
        AssertClose(naive.Logits, shared.Logits);
    }

    [Fact]
    public void EveryLevelOfSharingGivesTheSame()
    {
        using var model = Create("LlamaForCausalLM");
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(
            model, Config(2, Swap(model, 1, ".mlp", Positions.Of(2)), Swap(model, 2, "", Positions.Of(^1)) with { Source = 1 }));
        var (@base, source) = (Inputs(2, 1), Inputs(2, 2));
        using var naive = plan.Run(@base, [source, source], new RunOptions { SharesWork = false, WithClean = true });
        var most = long.MaxValue;
        foreach (var sharing in new[]
        {
            WorkSharing.EqualSources,
            WorkSharing.Batches,
            WorkSharing.EqualSources | WorkSharing.Batches,
            WorkSharing.Blocks,
            WorkSharing.Blocks | WorkSharing.Positions,
            WorkSharing.All,
        })
        {
            using var run = plan.Run(@base, [source, source], new RunOptions { Sharing = sharing, WithClean = true });
            AssertClose(naive.Logits, run.Logits);
            AssertClose(naive.CleanLogits!, run.CleanLogits!);
        }

        foreach (var sharing in new[]
        {
            WorkSharing.Blocks,
            WorkSharing.Blocks | WorkSharing.EqualSources,
            WorkSharing.All & ~WorkSharing.Positions,
            WorkSharing.All,
        })
        {
            var work = plan.Explain(@base, [source, source], new RunOptions { Sharing = sharing, WithClean = true }).MultiplyAdds;
            Assert.True(work < most, sharing.ToString());
            most = work;
        }
    }

    [Fact]
    public void AttentionWeightsAreSeenWhole()
    {
        using var scope = NewDisposeScope();
        var collect = new InterventionSpec
        {
            Intervention = new Collect(),
            Site = new SiteSpec { Component = "attention_weight", Layer = 4, Heads = Heads.Of(1) },
        };
        var swap = new InterventionSpec { Intervention = new Interchange(), Site = new SiteSpec { Component = "mlp_output", Layer = 2, At = Positions.Of(3) } };
        using var plan = InterventionPlan.Bind(Primer.Module, new InterventionConfig { Architecture = "gpt2", Sources = 1, Interventions = [collect, swap] });
        var (@base, source) = (Primer.Inputs(1, 6, 1), Primer.Inputs(1, 6, 2));
        using var shared = plan.Run(@base, [source], new RunOptions { WithClean = true });
        using var naive = plan.Run(@base, [source], new RunOptions { WithClean = true, SharesWork = false });
        Assert.Equal([1, 1, 6, 6], shared.Collected[0].shape);
        AssertClose(naive.Collected[0], shared.Collected[0]);
        AssertClose(naive.Logits, shared.Logits);
    }

    [Theory]
    [InlineData("GPT2LMHeadModel", "transformer.h[1].attn.attn_dropout", HookSide.Input, 1)]
    [InlineData("Qwen3ForCausalLM", "model.layers[1].self_attn.q_norm", HookSide.Output, 2)]
    public void HeadsOfAModulesOwnTensorAreTheSameInAPackedPass(string className, string path, HookSide side, int axis)
    {
        using var model = Create(className);
        using var scope = NewDisposeScope();
        var site = new SiteSpec { ModulePath = path, Side = side, HeadAxis = axis, Heads = Heads.Of(1), At = Positions.Of(4) };
        using var plan = InterventionPlan.Bind(
            model, Config(1, new() { Intervention = new Interchange(), Site = site }, new() { Intervention = new Collect(), Site = site }));
        var (@base, source) = (Inputs(2, 1), Inputs(2, 2));
        using var shared = plan.Run(@base, [source], new RunOptions { WithClean = true });
        using var naive = plan.Run(@base, [source], new RunOptions { WithClean = true, SharesWork = false });
        AssertClose(naive.Collected[0], shared.Collected[0]);
        AssertClose(naive.Logits, shared.Logits);
        Assert.True(Primer.Difference(naive.Logits, naive.CleanLogits!) > 1e-5);
    }

    [Fact]
    public void GradientsReachTheSourceThroughAPackedPass()
    {
        using var model = Create("GPT2LMHeadModel");
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(model, Config(1, Swap(model, 1, "", Positions.Of(3))));
        var (packed, naive) = (Gradient(WorkSharing.All), Gradient(WorkSharing.None));
        Assert.True(naive.abs().max().item<float>() > 1e-3);
        AssertClose(naive, packed);

        Tensor Gradient(WorkSharing sharing)
        {
            var embeddings = randn([1, Length, 16], generator: new Generator(3, CPU)).requires_grad_();
            using var run = plan.Run(
                new ModelInputs { InputsEmbeds = zeros(1, Length, 16) },
                [new ModelInputs { InputsEmbeds = embeddings }],
                new RunOptions { Gradients = true, Sharing = sharing });
            run.Logits.square().sum().backward();
            return embeddings.grad!;
        }
    }

    [Fact]
    public void LogitsAreThoseOfThePositionsThatTheInputsAskFor()
    {
        using var model = Create("GPT2LMHeadModel");
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(model, Config(1, Swap(model, 1, "", Positions.Of(3))));
        var (@base, source, options) = (Inputs(2, 1), Inputs(2, 2), new RunOptions { WithClean = true });
        using var whole = plan.Run(@base, [source], options);
        using var last = plan.Run(@base with { Logits = LogitsSelection.Last() }, [source], options);
        using var chosen = plan.Run(@base with { Logits = LogitsSelection.At(tensor([6L, 2L])) }, [source], options);
        AssertClose(whole.Logits.narrow(1, Length - 1, 1), last.Logits);
        AssertClose(whole.CleanLogits!.narrow(1, Length - 1, 1), last.CleanLogits!);
        AssertClose(whole.Logits[1, 2], chosen.Logits[1, 0]);
        AssertClose(whole.CleanLogits![0, 6], chosen.CleanLogits![0, 0]);
    }

    [Theory]
    [InlineData(WorkSharing.All, false)]
    [InlineData(WorkSharing.All, true)]
    [InlineData(WorkSharing.None, true)]
    public void NextTokenOnlyGivesTheLogitsBehindTheLastRealToken(WorkSharing sharing, bool isMasked)
    {
        using var model = Create("GPT2LMHeadModel");
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(model, Config(1, Swap(model, 1, "", Positions.Of(3))));
        var (@base, source, options) = (Inputs(2, 1, isMasked), Inputs(2, 2, isMasked), new RunOptions { WithClean = true, Sharing = sharing });
        if (isMasked)
        {
            // padding behind a text, so that the last tokens lie in two columns
            @base = @base with { AttentionMask = tensor([1L, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1], 2, Length) };
        }

        using var whole = plan.Run(@base, [source], options);
        using var next = plan.Run(@base, [source], options with { NextTokenOnly = true });
        foreach (var (row, column) in ((int, int)[])[(0, isMasked ? 4 : 6), (1, 6)])
        {
            AssertClose(whole.Logits[row, column], next.Logits[row, 0]);
            AssertClose(whole.CleanLogits![row, column], next.CleanLogits![row, 0]);
        }

        Assert.Equal([2, 1, whole.Logits.shape[^1]], next.Logits.shape);
        Assert.All(plan.Explain(@base, [source], options with { NextTokenOnly = true }).Passes.SelectMany(pass => pass.Runs), run =>
            Assert.InRange(run.LogitsPositions, 0, 1));
    }

    [Fact]
    public void NextTokenOnlyLeavesTheScoresOfAClassifierAlone()
    {
        using var model = ModelLoader.Create(
            ModelConfig.Parse("""{"model_type": "mlp", "h_dim": 4, "n_layer": 2, "num_classes": 3}""", "test"), "MLPForClassification", seed: 1);
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(
            model, new InterventionConfig { Interventions = [new() { Intervention = new Zero(), Site = new SiteSpec { ModulePath = "mlp.h[0].act" } }] });
        foreach (var sharing in new[] { WorkSharing.None, WorkSharing.All })
        {
            using var run = plan.Run(new ModelInputs { InputsEmbeds = randn(2, 5, 4) }, options: new RunOptions { NextTokenOnly = true, Sharing = sharing });
            Assert.Equal([2, 5, 3], run.Logits.shape);
        }
    }

    private static PretrainedModel Create(string className) => className == "GPT2LMHeadModel" ? TinyGpt2.Create() : TinyModels.Create(className);

    private static ModelInputs Inputs(int batch, int seed, bool masked = false)
    {
        var tokens = TinyGpt2.Tokens(batch, Length, seed);
        if (!masked)
        {
            return new ModelInputs { InputIds = tokens };
        }

        var mask = ones(batch, Length, dtype: int64); // [batch, position]
        mask[0, TensorIndex.Slice(0, Padding)] = tensor(0L);
        return new ModelInputs { InputIds = tokens, AttentionMask = mask };
    }

    private static InterventionConfig Config(int sources, params InterventionSpec[] interventions) =>
        new() { Sources = sources, Interventions = [.. interventions] };

    private static InterventionSpec Swap(PretrainedModel model, int block, string module, Positions at) =>
        new() { Intervention = new Interchange(), Site = new SiteSpec { ModulePath = PathOf(model, block, module), At = at } };

    private static string PathOf(PretrainedModel model, int block, string module)
    {
        var own = (module, model.Config.ModelType) switch
        {
            (".mlp", "mpt") => ".ffn",
            (".mlp", "mixtral") => ".block_sparse_moe",
            (".mlp", "opt") => ".fc2",
            _ => module,
        };
        return $"{((IBlockwiseModel)model).BlockPaths[block]}{own}";
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = Primer.Difference(expected, actual);
        Assert.True(difference < 1e-5 * Math.Max(1, expected.abs().max().item<float>()), $"largest difference {difference}");
    }
}
