using CsCheck;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Causal;

/// <summary>Causal models that are types compute what untyped ones do.</summary>
public sealed class TypedCausalModelTests
{
    private static readonly CausalValue[] Booleans = [false, true];

    private static readonly CausalModel Untyped = new(
    [
        .. new[] { "W", "X", "Y", "Z" }.Select(name => CausalVariable.Input(name, [0, 1, 2])),
        CausalVariable.Computed("WX", Booleans, ["W", "X"], pair => pair[0] == pair[1]),
        CausalVariable.Computed("YZ", Booleans, ["Y", "Z"], pair => pair[0] == pair[1]),
        CausalVariable.Computed("Same", Booleans, ["WX", "YZ"], pair => pair[0] == pair[1]),
    ]);

    private static Gen<Equality> AnyInput { get; } =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2]).Select((w, x, y, z) => new Equality((Symbol)w, (Symbol)x, (Symbol)y, (Symbol)z));

    [Fact]
    public void AnInputComputesWhatItsPropertiesSay() => AnyInput.Holds(input =>
    {
        var state = Equality.Run(input);
        Assert.Equal((input.W, input.WX, input.YZ, input.Same), (state.W, state.WX, state.YZ, state.Same));
        Assert.Equal(Untyped.Run(input.ToSetting()), (CausalSetting)state);
    });

    [Fact]
    public void AnInterchangeComputesWhatTheUntypedModelDoes() => Gen.Select(AnyInput, AnyInput, AnyInput).Holds((input, first, second) =>
    {
        var one = Equality.Interchange(input, (Equality.Variables.WX, first));
        Assert.Equal(first.WX == input.YZ, one.Same);
        var two = Equality.Interchange(input, (Equality.Variables.WX, first), (Equality.Variables.YZ, second));
        Assert.Equal(first.WX == second.YZ, two.Same);
        Assert.Equal(Untyped.Interchange(input.ToSetting(), ("WX", first.ToSetting()), ("YZ", second.ToSetting())), (CausalSetting)two);
        Assert.Equal(input, new Equality(two.W, two.X, two.Y, two.Z));
    });

    [Fact]
    public void AVariableCanBeSetInsteadOfBeingComputed()
    {
        var input = new Equality(Symbol.A, Symbol.B, Symbol.C, Symbol.C);
        Assert.False(Equality.Run(input).Same);
        Assert.True(Equality.Run(input, Equality.Variables.WX.Is(true)).Same);
        Assert.Throws<CausalModelException>(() => Equality.Run(input, Equality.Variables.WX.Is(true), Equality.Variables.WX.Is(true)));
    }

    [Fact]
    public void AModelIsDescribedAsItsUntypedOne()
    {
        Assert.Equal("W X Y Z WX YZ Same", string.Join(' ', Equality.Model.Variables));
        Assert.Equal(Untyped.TimeSteps.OrderBy(step => step.Key), Equality.Model.TimeSteps.OrderBy(step => step.Key));
        Assert.Equal((0, 1, 2), (Equality.Variables.W.TimeStep, Equality.Variables.WX.TimeStep, Equality.Variables.Same.TimeStep));
        Assert.Equal("Y Z", string.Join(' ', Equality.Variables.YZ.Parents));
        Assert.Equal([Symbol.A, Symbol.B, Symbol.C], Equality.Variables.W.Values!.Value.ToArray());
        Assert.Equal(3, Equality.Variables.WX.EquivalenceClasses()[true].Count);
        Assert.Equal(81, Equality.Inputs().Distinct().Count());
        var input = new Equality(Symbol.A, Symbol.A, Symbol.B, Symbol.C);
        Assert.Equal(
            Untyped.LivePaths(input.ToSetting()).Select(path => string.Join("→", path)), Equality.LivePaths(input).Select(path => string.Join("→", path)));
    }

    [Fact]
    public void DataSetsAreThoseOfTheUntypedModel()
    {
        var options = new SamplingOptions { BalancedBy = "Same" };
        var sampling = new CausalSampling<Equality> { BalancedBy = Equality.Variables.Same };
        Assert.Equal(Untyped.DrawFactual(50, 3, options).Labels, Equality.DrawFactual(50, 3, sampling).Labels);
        Assert.Equal(Untyped.DrawCounterfactual(50, 5, 3, options).Labels, Equality.DrawCounterfactual(50, 5, 3, sampling).Labels);
    }

    [Fact]
    public void CounterfactualsInterveneOnTheVariablesThatAreChosen()
    {
        var samples = Equality.DrawCounterfactual(
            400, 1, 3, new() { Variables = [Equality.Variables.YZ], Sources = (random, wanted) => wanted.SampleInput(random) });
        Assert.Equal(2L, Assert.Single(samples.InterventionIds.Distinct()));
        var values = Enumerable.Range(0, samples.Count).Select(row =>
        {
            var source = samples.Sources[0][row];
            Assert.Equal(Untyped.Interchange(samples.Inputs[row], ("YZ", source)), samples.Labels[row]);
            return Equality.Variables.YZ.In(samples.Labels[row]);
        });
        Assert.InRange(values.Count(value => value), 150, 250);
        Assert.Throws<CausalModelException>(() => Equality.DrawCounterfactual(4, 1, 3, new() { Variables = [] }));
    }

    [Fact]
    public void VariablesOfEveryKindKeepTheirValues()
    {
        var input = new Sum { A = 2, B = "two", C = Sum.Vectors[1] };
        var state = Sum.Run(input);
        Assert.Equal((2, "two", Sum.Vectors[1], 4, 2.5f, 6.5), (state.A, state.B, state.C, state.Total, state.First, state.Result));
        var source = new Sum { A = 0, B = "one", C = Sum.Vectors[0] };
        Assert.Equal(3.5, Sum.Interchange(input, (Sum.Variables.Total, source)).Result);
        Assert.Equal(4.5, Sum.Interchange(input, (Sum.Variables.First, source)).Result);
        Assert.Equal(12, Sum.Inputs().Count());
        Assert.Equal([0, 1, 2, 3, 4], Sum.Variables.Total.Values!.Value.ToArray());
        Assert.Null(Sum.Variables.First.Values);
        Assert.Contains("expected one of 0, 1, 2", Assert.Throws<CausalModelException>(
            () => Sum.Run(new Sum { A = 3, B = "one", C = Sum.Vectors[0] })).Message, StringComparison.Ordinal);
    }
}
