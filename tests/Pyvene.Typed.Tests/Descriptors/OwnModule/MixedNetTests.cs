using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>A descriptor beside a module is all that an architecture needs; every kind of place in it is read and written where it says.</summary>
public sealed class MixedNetTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly MixedNet net = new();

    public static TheoryData<string> Places => ["grouped", "conv", "first", "second", "keys", "router", "cell"];

    public void Dispose()
    {
        net.Dispose();
        scope.Dispose();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ZeroAtOnePositionChangesWhatThePlaceSaysAndNothingElse(string name)
    {
        var (place, columns) = PlaceOf(name);
        var input = randn(3, 5, 4);
        using var plan = InterventionPlan.Bind(net, Mixed.Experiment.Zero(place.At(^2)).ToConfig());
        using var run = plan.Run(input, options: new RunOptions { WithClean = true });
        var expected = run.CleanOutput!.clone();
        foreach (var column in columns)
        {
            expected[TensorIndex.Colon, 3, column] = zeros(3);
        }

        Assert.True(run.Output.allclose(expected), $"{name}: {(run.Output - expected).abs().amax([0])}");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ValuesOfASourceArriveWhereTheyWereRead(string name)
    {
        var (place, columns) = PlaceOf(name);
        var (input, source) = (randn(2, 5, 4), randn(2, 5, 4));
        using var plan = InterventionPlan.Bind(net, Mixed.Experiment.Interchange(place.At(1)).ToConfig());
        using var run = plan.Run(input, [source], new RunOptions { WithClean = true });
        var (expected, other) = (run.CleanOutput!.clone(), net.call(source));
        foreach (var column in columns)
        {
            expected[TensorIndex.Colon, 1, column] = other[TensorIndex.Colon, 1, column];
        }

        Assert.True(run.Output.allclose(expected), name);
    }

    [Fact]
    public void TheWholeModuleIsAPlaceToo()
    {
        var input = randn(1, 5, 4);
        using var plan = InterventionPlan.Bind(net, Mixed.Experiment.Zero(Mixed.WholeOutput.At(0)).ToConfig());
        using var run = plan.Run(input);
        Assert.Equal(0, run.Output[0, 0].abs().max().item<float>());
    }

    [Fact]
    public void ALayerInsideOfALayerThatIsNotThereIsRefusedWithTheOnesThatAre() =>
        Assert.EndsWith("sublayer 3 is out of range; layer 1 has 3 (0 to 2).", Refusal(Mixed.Layer(1).Cell(3).CellOutput), StringComparison.Ordinal);

    [Fact]
    public void AComponentThatTheConfigurationRulesOutIsRefusedWithItsCondition() =>
        Assert.Contains(
            "'deep_output' exists only where 'deep' is true, but in the module MixedNet it is null.", Refusal(Mixed.DeepOutput), StringComparison.Ordinal);

    [Fact]
    public void ALayerThatTheConfigurationDoesNotListIsRefused() =>
        Assert.Contains(
            "'listed_output' exists only in the layers that 'listed' lists (), and not in layer 0.",
            Refusal(Mixed.Layer(0).ListedOutput),
            StringComparison.Ordinal);

    [Fact]
    public void ALayerInsideOfALayerSurvivesTheWayThroughJson()
    {
        var config = Mixed.Experiment.Zero(Mixed.Layer(1).Cell(2).CellOutput).ToConfig();
        Assert.Equal((1, 2), (config.Interventions[0].Site.Layer, config.Interventions[0].Site.Sublayer));
        Assert.Equal(config.Interventions[0].Site, InterventionConfig.FromJson(config.ToJson()).Interventions[0].Site);
    }

    private string Refusal(Site<Mixed> place) =>
        Assert.Throws<InterventionException>(() => InterventionPlan.Bind(net, Mixed.Experiment.Zero(place).ToConfig())).Message;

    // The columns of the output that a place ends up in.
    private static (PositionComponent<Mixed> Place, int[] Columns) PlaceOf(string name) => name switch
    {
        "grouped" => (Mixed.GroupedOutput, [2, 3, 8, 9]),
        "conv" => (Mixed.ConvOutput, [12, 13, 14, 15]),
        "first" => (Mixed.FirstOutput, [16, 17, 18, 19]),
        "second" => (Mixed.SecondOutput, [20, 21, 22, 23]),
        "keys" => (Mixed.PairKeys, [20, 21, 22, 23]),
        "router" => (Mixed.RouterOutput, [24, 25, 26, 27]),
        _ => (Mixed.Layer(1).Cell(2).CellOutput, [28, 29, 30, 31]),
    };
}
