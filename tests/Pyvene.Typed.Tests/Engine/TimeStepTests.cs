using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Positions that are time steps: the calls of a recurrent model's cell.</summary>
public sealed class TimeStepTests : IDisposable
{
    private const int Batch = 3;
    private const int Steps = 6;
    private const int Width = 5;

    private static readonly string[] Components = ["cell_output", "cell_input", "cell_hidden", "update_gate_output", "new_h2h_output"];

    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report, WithClean = true };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _gru = ModelLoader.Create(
        ModelConfig.Parse("""{"architectures": ["GRUModel"], "model_type": "gru", "h_dim": 5, "n_layer": 2, "initializer_range": 0.7}""", "test"), seed: 3);

    public void Dispose()
    {
        _gru.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void SwapWithItselfAtTheSameStepChangesNothing() => Gen.Select(Gen.OneOf(Components), Gen.Int[0, 1], Gen.Int[0, Steps - 1]).Holds(
        (component, layer, step) =>
        {
            using var scope = NewDisposeScope();
            var inputs = Inputs(1);
            using var run = Run(Config(1, new Interchange(), new SiteSpec { Component = component, Layer = layer, At = Positions.Of(step) }), inputs, [inputs]);
            AssertRounding((float)run.Receipts[0].LargestChange);
            AssertRounding(Difference(run.Output, run.CleanOutput!));
        },
        iter: 20);

    [Fact]
    public void ChosenStepsOfChosenExamplesAloneChange() => Gen.Int[0, Steps - 1].Array[Batch].Holds(
        steps =>
        {
            using var scope = NewDisposeScope();
            var config = Config(
                0, new Zero(), new SiteSpec { Component = "cell_output", Layer = 1, At = Positions.PerExample([.. steps.Select(step => new[] { step })]) });
            using var run = Run(config, Inputs(1) with { OutputHiddenStates = true }, []);
            using var clean = _gru.call(Inputs(1));
            using var changed = (run.HiddenStates![0] - clean.HiddenStates![0]).abs().amax(2).gt(1e-6); // [batch, step]
            for (var example = 0; example < Batch; example++)
            {
                // Before the step nothing can have changed; the step itself is zero.
                Assert.False(changed[example].narrow(0, 0, steps[example]).any().item<bool>());
                Assert.Equal(0, run.HiddenStates[0][example, steps[example]].abs().max().item<float>());
            }
        },
        iter: 20);

    [Fact]
    public void StepOfTheSourceGoesToTheStepOfTheBaseItIsPairedWith()
    {
        var (@base, source) = (Inputs(1), Inputs(2));
        var site = new SiteSpec { Component = "cell_output", Layer = 1, At = Positions.Of(4, 1), ReadAt = Positions.Of(0, ^1) };
        using var run = Run(Config(1, new Interchange(), site), @base, [source]);
        using var expected = _gru.call(source);
        AssertRounding(Difference(expected.HiddenStates![0].select(1, 0), run.HiddenStates![0].select(1, 4)));
        AssertRounding(Difference(expected.HiddenStates[0].select(1, Steps - 1), run.HiddenStates[0].select(1, 1)));
    }

    [Fact]
    public void SwapAtEveryStepOfTheTopLayerGivesTheStatesOfTheSource()
    {
        var source = Inputs(2);
        using var run = Run(Config(1, new Interchange(), new SiteSpec { Component = "cell_output", Layer = 1 }), Inputs(1), [source]);
        using var expected = _gru.call(source);
        AssertRounding(Difference(expected.HiddenStates![0], run.HiddenStates![0]));
    }

    [Fact]
    public void CollectedStepsComeInTheOrderOfTheirList()
    {
        using var run = Run(
            Config(0, new Collect(), new SiteSpec { Component = "cell_output", Layer = 1, At = Positions.PerExample([5, 0], [2, 3], [1, 1]) }), Inputs(1), []);
        using var clean = _gru.call(Inputs(1));
        Assert.Equal([Batch, 2, Width], run.Collected[0].shape);
        AssertRounding(Difference(clean.HiddenStates![0][0, 5], run.Collected[0][0, 0]));
        AssertRounding(Difference(clean.HiddenStates[0][1, 3], run.Collected[0][1, 1]));
        AssertRounding(Difference(clean.HiddenStates[0][2, 1], run.Collected[0][2, 1]));
    }

    [Fact]
    public void CollectWithoutStepsHasThemAll()
    {
        using var run = Run(Config(0, new Collect(), new SiteSpec { Component = "x2h_output", Layer = 0 }), Inputs(1), []);
        Assert.Equal([Batch, Steps, 3 * Width], run.Collected[0].shape);
    }

    [Fact]
    public void GradientOfCollectedStepsComesInTheOrderOfTheirList()
    {
        _gru.to(ScalarType.Float64);
        var inputs = new ModelInputs { InputsEmbeds = randn([Batch, Steps, Width], float64) };
        var weights = randn([Batch, Steps, Width], float64); // [batch, step, width]
        var config = Config(0, new Collect(), new SiteSpec { Component = "cell_output", Layer = 1, At = Positions.PerExample([5, 0], [2, 3], [4, 1]) });
        var spec = config.Interventions[0] with { Name = "states" };
        using var run = Run(config with { Interventions = [spec] }, inputs, [], new RunOptions { Gradients = true });
        var gradient = run.Gradient((run.HiddenStates![0] * weights).sum(), "states"); // [batch, step of the list, width]

        // What the last step leaves goes nowhere else.
        Assert.True(allclose(weights[0, 5], gradient[0, 0]));
        var direction = randn(gradient.shape, float64);
        var slope = (Score(1e-4) - Score(-1e-4)) / 2e-4;
        Assert.Equal(slope, (gradient * direction).sum().item<double>(), 1e-5 * Math.Max(1, Math.Abs(slope)));

        double Score(double step)
        {
            using var moved = Run(config with { Interventions = [spec with { Intervention = new Addition(), Constant = direction * step }] }, inputs, []);
            return (moved.HiddenStates![0] * weights).sum().item<double>();
        }
    }

    [Fact]
    public void SharedWorkGivesWhatTheNaiveRunGives()
    {
        var config = Config(
            1, new Interchange(), new SiteSpec { Component = "reset_gate_output", Layer = 0, At = Positions.Of(1, 4), ReadAt = Positions.Of(5, 0) });
        using var shared = Run(config, Inputs(1), [Inputs(2)]);
        using var plan = InterventionPlan.Bind(_gru, config);
        using var naive = plan.Run(Inputs(1), [Inputs(2)], Report with { SharesWork = false });
        AssertRounding(Difference(naive.Output, shared.Output));
    }

    [Theory]
    [InlineData(WorkSharing.All)]
    [InlineData(WorkSharing.None)]
    public void SweepOverLayersAndStepsGivesWhatEveryCellGivesAlone(WorkSharing sharing)
    {
        using var model = Deep();
        InterventionConfig[] cells = [.. from layer in Enumerable.Range(0, 4) from step in Enumerable.Range(0, Steps) select Swap(layer, step)];
        var (@base, source) = (Tokens(1), Tokens(2));
        using var sweep = InterventionSweep.Bind(model, cells);
        using var run = sweep.Run(@base, [source], sharing);
        using var ended = model.call(@base);
        AssertRounding(Difference(ended.Logits!.select(1, Steps - 1), run.CleanLogits));
        foreach (var (cell, config) in cells.Index())
        {
            using var plan = InterventionPlan.Bind(model, config);
            using var alone = plan.Run(@base, [source], new RunOptions { SharesWork = false });
            AssertRounding(Difference(alone.Logits!.select(1, Steps - 1), run.Logits[cell]));
            Assert.True(Difference(run.CleanLogits, run.Logits[cell]) > 1e-3);
        }
    }

    [Fact]
    public void SweepOverLayersRunsALayerForTheCellsThatActInItOrBelowAlone()
    {
        using var model = Deep();
        var rows = new long[4];
        foreach (var (name, module) in model.named_modules())
        {
            if (name.Split('.') is ["gru", "cells", var number] && module is nn.Module<Tensor, Tensor, Tensor> cell)
            {
                var layer = int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
                cell.register_forward_hook((_, input, _, output) =>
                {
                    rows[layer] += input.shape[0];
                    return output;
                });
            }
        }

        using var sweep = InterventionSweep.Bind(model, [.. Enumerable.Range(0, 4).Select(layer => Swap(layer, 2))]);
        sweep.Run(Tokens(1), [Tokens(2)]).Dispose();

        // The source and the clean run are a pass. The cells, whose steps may lie before those that they read, are another one: there each joins a copy of
        // the clean run in the layer in which it acts, and the copy ends where the last of them has joined.
        Assert.Equal([4, 5, 6, 6], rows.Select(count => count / Steps / Batch));
        Array.Clear(rows);
        using var plan = InterventionPlan.Bind(model, Swap(1, 2));
        plan.Run(Tokens(1), [Tokens(2)]).Dispose();
        Assert.Equal([2, 2, 1, 1], rows.Select(count => count / Steps / Batch)); // the source ends where it is read
    }

    [Fact]
    public void RowsThatJoinLaterKeepTheirMaskAndTheirInitialState()
    {
        var inputs = Inputs(1) with
        {
            InitialState = randn(2, Batch, Width),
            AttentionMask = tensor(new long[,] { { 0, 0, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1 }, { 1, 1, 1, 0, 0, 0 } }),
        };
        var config = Config(0, new Zero(), new SiteSpec { Component = "cell_output", Layer = 1, At = Positions.PerExample([3], [1], [2]) });
        using var shared = Run(config, inputs, []);
        using var naive = Run(config, inputs, [], Report with { SharesWork = false });
        using var clean = _gru.call(inputs);
        AssertRounding(Difference(naive.Output, shared.Output));
        AssertRounding(Difference(clean.LastHiddenState!, shared.CleanOutput!));
    }

    [Fact]
    public void StepOutsideOfTheSequenceIsRefusedBeforeAnythingRuns()
    {
        var error = Assert.Throws<InterventionException>(() =>
            Run(Config(0, new Zero(), new SiteSpec { Component = "cell_output", Layer = 0, At = Positions.Of(Steps) }), Inputs(1), []));
        Assert.Equal("positions", error.Field);
    }

    [Fact]
    public void ComponentWithoutTimeStepsRefusesThem()
    {
        var config = Config(0, new Zero(), new SiteSpec { Component = "mlp_output", Layer = 0, Unit = PositionUnit.Step }) with { Architecture = "gpt2" };
        var error = Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Module, config));
        Assert.Equal("unit", error.Field);
    }

    [Fact]
    public void GeneratedComponentsChooseSteps()
    {
        var config = Gru.Experiment.Zero(Gru.Layer(1).CellOutput.AtStep(2, ^1)).ToConfig();
        using var run = Run(config, Inputs(1), []);
        Assert.Equal(0, run.HiddenStates![0].select(1, 2).abs().max().item<float>());
        Assert.Equal(InterventionConfig.FromJson(config.ToJson()), config);
    }

    [Fact]
    public void CellOfAModuleOfOnesOwnTakesStepsByItsPath()
    {
        using var module = new OwnRecurrence();
        var (@base, source) = (randn(Batch, Steps, Width), randn(Batch, Steps, Width));
        var site = new SiteSpec { ModulePath = "cell", Unit = PositionUnit.Step, At = Positions.Of(4), ReadAt = Positions.Of(1) };
        using var plan = InterventionPlan.Bind(module, Config(1, new Interchange(), site) with { Architecture = null });
        using var run = plan.Run(@base, [source], Report);
        using var states = module.call(source);
        using var changed = (run.Output - run.CleanOutput!).abs().amax([0, 2]).gt(0); // [step]
        Assert.Equal([false, false, false, false, true, true], changed.data<bool>().ToArray());
        AssertRounding(Difference(states.select(1, 1), run.Output.select(1, 4)));
    }

    [Fact]
    public void StateOfACellOfOnesOwnIsItsSecondArgument()
    {
        using var module = new OwnRecurrence();
        var site = new SiteSpec { ModulePath = "cell", Side = HookSide.Input, Item = 1, Unit = PositionUnit.Step, At = Positions.Of(3) };
        using var plan = InterventionPlan.Bind(module, Config(0, new Zero(), site) with { Architecture = null });
        using var run = plan.Run(randn(Batch, Steps, Width), options: Report);
        AssertRounding(Difference(run.CleanOutput!.narrow(1, 0, 3), run.Output.narrow(1, 0, 3)));
        Assert.True(Difference(run.CleanOutput!.select(1, 3), run.Output.select(1, 3)) > 0);
    }

    [Fact]
    public void StepThatAModuleNeverReachesIsRefused()
    {
        using var module = new OwnRecurrence();
        using var plan = InterventionPlan.Bind(
            module,
            Config(0, new Zero(), new SiteSpec { ModulePath = "cell", Unit = PositionUnit.Step, At = Positions.Of(Steps) }) with { Architecture = null });
        var error = Assert.Throws<InterventionException>(() => plan.Run(randn(Batch, Steps, Width)));
        Assert.Contains($"was called {Steps} times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepsFromTheEndOfAModuleOfOnesOwnAreRefused()
    {
        using var module = new OwnRecurrence();
        using var plan = InterventionPlan.Bind(
            module, Config(0, new Zero(), new SiteSpec { ModulePath = "cell", Unit = PositionUnit.Step, At = Positions.Of(^1) }) with { Architecture = null });
        Assert.Contains(
            "Count from the start", Assert.Throws<InterventionException>(() => plan.Run(randn(Batch, Steps, Width))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TensorCountIsFlatOverManyRuns()
    {
        using var plan = InterventionPlan.Bind(
            _gru, Config(1, new Interchange(), new SiteSpec { Component = "cell_output", Layer = 0, At = Positions.Of(1), ReadAt = Positions.Of(3) }));
        var (@base, source) = (Inputs(1), Inputs(2));
        plan.Run(@base, [source]).Dispose();
        var before = LiveTensors.OfThisThread;
        for (var round = 0; round < 30; round++)
        {
            plan.Run(@base, [source], Report).Dispose();
        }

        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    private static PretrainedModel Deep() => ModelLoader.Create(
        ModelConfig.Parse(
            """{"model_type": "gru", "h_dim": 5, "n_layer": 4, "vocab_size": 23, "include_emb": true, "initializer_range": 0.7}""", "test"),
        "GRULMHeadModel",
        seed: 3);

    private static ModelInputs Tokens(long seed) => new() { InputIds = randint(0, 23, [Batch, Steps], int64, generator: new Generator((ulong)seed)) };

    private static InterventionConfig Swap(int layer, int step) =>
        Config(1, new Interchange(), new SiteSpec { Component = "cell_output", Layer = layer, At = Positions.Of(step) });

    private static ModelInputs Inputs(long seed) => new() { InputsEmbeds = randn([Batch, Steps, Width], generator: new Generator((ulong)seed)) };

    private static InterventionConfig Config(int sources, Intervention intervention, SiteSpec site) =>
        AnyModuleTests.Config(sources, (intervention, site)) with { Architecture = "gru" };

    /// <summary>Asserts that a difference is one of rounding: products of matrices with more rows may round otherwise.</summary>
    private static void AssertRounding(float difference) => Assert.InRange(difference, 0, 2e-6f);

    private static float Difference(Tensor left, Tensor right) => (left - right).abs().max().item<float>();

    private InterventionRun Run(InterventionConfig config, ModelInputs @base, IReadOnlyList<ModelInputs?> sources, RunOptions? options = null)
    {
        using var plan = InterventionPlan.Bind(_gru, config);
        return plan.Run(@base, sources, options ?? Report);
    }

    private sealed class OwnRecurrence : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.GRUCell cell = nn.GRUCell(Width, Width);

        public OwnRecurrence()
            : base(nameof(OwnRecurrence)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var state = zeros(input.shape[0], Width);
            var states = new List<Tensor>();
            for (var step = 0; step < input.shape[1]; step++)
            {
                states.Add(state = cell.call(input.select(1, step), state));
            }

            return stack(states, 1); // [batch, step, width]
        }
    }
}
