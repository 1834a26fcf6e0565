using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Plans on modules that are none of the library's models.</summary>
public sealed class AnyModuleTests : IDisposable
{
    private static readonly RunOptions WithClean = new() { WithClean = true };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _stack = nn.Sequential(("first", nn.Linear(4, 6)), ("bend", nn.Tanh()), ("last", nn.Linear(6, 3)));

    public void Dispose()
    {
        _stack.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void SwapOfAWholeOutputGivesTheRestOfTheSource()
    {
        var (@base, source) = (randn(2, 5, 4), randn(2, 5, 4));
        using var plan = InterventionPlan.Bind(_stack, Config(1, (new Interchange(), new SiteSpec { ModulePath = "bend" })));
        using var run = plan.Run(@base, [source], WithClean);
        Assert.True(Equal(_stack.call(source), run.Output));
        Assert.True(Equal(_stack.call(@base), run.CleanOutput!));
    }

    [Fact]
    public void PositionsAreIndicesOfDimensionOneOfTheTensor()
    {
        var @base = randn(2, 5, 4);
        using var plan = InterventionPlan.Bind(_stack, Config(0, (new Zero(), new SiteSpec { ModulePath = "first", At = Positions.Of(1, ^1) })));
        using var run = plan.Run(@base, options: WithClean);
        using var changed = (run.Output - run.CleanOutput!).abs().amax([0, 2]);
        Assert.Equal([false, true, false, false, true], changed.gt(0).data<bool>().ToArray());
    }

    [Fact]
    public void PositionOutsideOfTheTensorIsRefusedWithItsLength()
    {
        using var plan = InterventionPlan.Bind(_stack, Config(0, (new Zero(), new SiteSpec { ModulePath = "first", At = Positions.Of(5) })));
        var error = Assert.Throws<InterventionException>(() => plan.Run(randn(2, 5, 4)));
        Assert.Equal("positions", error.Field);
        Assert.Contains("which has 5 positions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CallersTensorIsNeverWrittenInto()
    {
        var @base = randn(2, 5, 4);
        var before = @base.clone();
        using var plan = InterventionPlan.Bind(_stack, Config(0, (new Zero(), new SiteSpec { ModulePath = "first", Side = HookSide.Input })));
        using var run = plan.Run(@base);
        Assert.True(Equal(before, @base));
    }

    [Fact]
    public void HooksAreGoneAfterDispose()
    {
        using var module = new HookCounter();
        var input = randn(2, 5, 4);
        using (var plan = InterventionPlan.Bind(module, Config(0, (new Zero(), new SiteSpec { ModulePath = "" }))))
        {
            using var run = plan.Run(input);
            Assert.Equal(1, module.Hooks);
            Assert.True(Equal(input * 2, module.call(input))); // Outside of the plan's own run the hook does nothing.
        }

        Assert.Equal(0, module.Hooks);
    }

    [Fact]
    [Trait("Failure", "SF13 at run time: hooks survive an exception")]
    public void HooksAreGoneBehindARunThatThrew()
    {
        using var module = new HookCounter();
        var input = randn(2, 5, 4);
        var fails = new CustomIntervention((_, _, _) => throw new NotSupportedException("on purpose"));
        using (var plan = InterventionPlan.Bind(module, Config(0, (fails, new SiteSpec { ModulePath = "" }))))
        {
            Assert.ThrowsAny<Exception>(() => plan.Run(input));
            Assert.True(Equal(input * 2, module.call(input)));
        }

        Assert.Equal(0, module.Hooks);
    }

    [Fact]
    public void TensorCountIsFlatOverManyRuns()
    {
        var (@base, source) = (randn(2, 5, 4), randn(2, 5, 4));
        using var plan = InterventionPlan.Bind(_stack, Config(1, (new Interchange(), new SiteSpec { ModulePath = "bend", At = Positions.Of(2) })));
        plan.Run(@base, [source]).Dispose();
        var before = LiveTensors.OfThisThread;
        for (var round = 0; round < 50; round++)
        {
            plan.Run(@base, [source], WithClean).Dispose();
        }

        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Fact]
    public void UnknownPathIsRefusedWithTheNearestName()
    {
        var error = Assert.Throws<InterventionException>(() => InterventionPlan.Bind(_stack, Config(0, (new Zero(), new SiteSpec { ModulePath = "frist" }))));
        Assert.Contains("first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PathMayBeginWithTheNumberOfAPartOfARow()
    {
        var input = randn(2, 5, 4);
        using var row = nn.Sequential(nn.Linear(4, 6), nn.Tanh());
        using var plan = InterventionPlan.Bind(row, Config(0, (new Zero(), new SiteSpec { ModulePath = "[0]" })));
        using var run = plan.Run(input);
        Assert.Equal(0, run.Output.abs().max().item<float>());
        var error = Assert.Throws<InterventionException>(() => InterventionPlan.Bind(row, Config(0, (new Zero(), new SiteSpec { ModulePath = "[2]" }))));
        Assert.Contains("no module '[2]'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecurrentModulesOfTorchSharpRunWithAndWithoutAFirstState()
    {
        var (input, state) = (randn(2, 5, 4), randn(1, 2, 3)); // [batch, position, in], [layer, batch, width]
        using var untracked = no_grad(); // as a run is: with gradients an LSTM is another native call
        using var rnn = nn.RNN(4, 3, batchFirst: true);
        using var gru = nn.GRU(4, 3, batchFirst: true);
        using var lstm = nn.LSTM(4, 3, batchFirst: true);
        Same(rnn, rnn.call(input).Item1, input);
        Same(rnn, rnn.call(input, state).Item1, input, state);
        Same(gru, gru.call(input).Item1, input);
        Same(gru, gru.call(input, state).Item1, input, state);
        Same(lstm, lstm.call(input).Item1, input);
        Same(lstm, lstm.call(input, (state, state)).Item1, input, state, state);

        void Same(nn.Module module, Tensor expected, params Tensor[] arguments)
        {
            var zeroed = Config(0, (new Zero(), new SiteSpec { ModulePath = "", At = Positions.Of(1) }));
            using var plan = InterventionPlan.Bind(module, zeroed);
            using var run = plan.Run(arguments, options: WithClean);
            Assert.True(expected.allclose(run.CleanOutput!, 1e-5, 1e-6), $"{module.GetName()} {(expected - run.CleanOutput!).abs().max().item<float>()}");
            Assert.Equal(0, run.Output.select(1, 1).abs().max().item<float>());
            Assert.True(expected.narrow(1, 2, 3).allclose(run.Output.narrow(1, 2, 3), 1e-5, 1e-6), module.GetName());
        }
    }

    [Fact]
    public void ModuleWithSeveralInputsAndOutputsRunsByPosition()
    {
        using var pair = new SumAndDifference();
        var (left, right) = (randn(2, 3, 4), randn(2, 3, 4));
        using var plan = InterventionPlan.Bind((nn.Module)pair, Config(0, (new Zero(), new SiteSpec { ModulePath = "", Item = 1 })));
        using var run = plan.Run(new Pyvene.Typed.Models.ModelInputs { Arguments = [left, right] });
        Assert.True(Equal(pair.call(left, right).Item1, run.Values[0]));
        Assert.Equal(0, run.Values[1].abs().max().item<float>());
    }

    [Fact]
    public void MissingArgumentIsRefusedBeforeTheModuleIsCalled()
    {
        using var pair = new SumAndDifference();
        using var plan = InterventionPlan.Bind((nn.Module)pair, Config(0, (new Zero(), new SiteSpec { ModulePath = "" })));
        var error = Assert.Throws<InterventionException>(() => plan.Run(randn(2, 3, 4)));
        Assert.Equal("base", error.Field);
    }

    [Fact]
    public void InputsWithoutATensorAreRefused()
    {
        using var plan = InterventionPlan.Bind(_stack, Config(0, (new Zero(), new SiteSpec { ModulePath = "first" })));
        Assert.Throws<InterventionException>(() => plan.Run(new Pyvene.Typed.Models.ModelInputs()));
    }

    internal static InterventionConfig Config(int sources, params (Intervention Intervention, SiteSpec Site)[] steps) => new()
    {
        Sources = sources,
        Interventions = [.. steps.Select(step => new InterventionSpec { Intervention = step.Intervention, Site = step.Site })],
    };

    private static bool Equal(Tensor left, Tensor right) => left.allclose(right, rtol: 0, atol: 1e-6);

    private sealed class HookCounter : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter factor = new(tensor(2f));

        public HookCounter()
            : base(nameof(HookCounter)) => RegisterComponents();

        public int Hooks => pre_hooks.Count + post_hooks.Count;

        public override Tensor forward(Tensor input) => input * factor;
    }

    private sealed class SumAndDifference : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly nn.Module<Tensor, Tensor> inner = nn.Linear(4, 4);

        public SumAndDifference()
            : base(nameof(SumAndDifference)) => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor left, Tensor right) => (inner.call(left + right), inner.call(left) - inner.call(right));
    }
}
