using CsCheck;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Causal;

public sealed class CausalModelTests
{
    private static readonly CausalModel Equality = EqualityModel.Of("a", "b", "c");
    private static readonly CausalValue[] Bits = [0, 1];

    [Fact]
    public void VariablesAreComputedByTimeStepAndName()
    {
        Assert.Equal(["W", "X", "Y", "Z", "WX", "YZ", "O"], Equality.Variables.ToArray());
        Assert.Equal(["WX", "YZ"], Equality.Intermediates.ToArray());
        Assert.Equal(2, Equality.TimeSteps["O"]);
    }

    [Fact]
    public void ARunGivesEveryVariable() => Assert.Equal(
        new CausalSetting(("W", "a"), ("X", "a"), ("Y", "b"), ("Z", "c"), ("WX", true), ("YZ", false), ("O", false)),
        Equality.Run(new CausalSetting(("W", "a"), ("X", "a"), ("Y", "b"), ("Z", "c"))));

    [Fact]
    public void AnInterchangeTakesAVariableFromAnotherRun()
    {
        var different = new CausalSetting(("W", "a"), ("X", "b"), ("Y", "a"), ("Z", "a"));
        var equal = new CausalSetting(("W", "c"), ("X", "c"), ("Y", "a"), ("Z", "b"));
        Assert.Equal(false, Equality.Run(different)["O"]);
        Assert.Equal(true, Equality.Interchange(different, ("WX", equal))["O"]);
    }

    [Fact]
    public void AnInterchangeWithTheOwnInputIsTheFactualRun() => Gen.Select(Gen.Long, Gen.Int[0, 6]).Holds((seed, variable) =>
    {
        var input = Equality.SampleInput(new CausalRandom(seed));
        Assert.Equal(Equality.Run(input), Equality.Interchange(input, (Equality.Variables[variable], input)));
    });

    [Fact]
    public void AllInputsAreListedOnce()
    {
        var settings = Equality.InputSettings().ToArray();
        Assert.Equal(81, settings.Length);
        Assert.Equal(81, settings.Distinct().Count());
        Assert.Equal(45, settings.Count(setting => Equality.Run(setting)["O"].AsBoolean())); // 3·3 with both equal, 6·6 with both different
    }

    [Fact]
    public void ClassesListTheParentsThatBringAValueAbout()
    {
        var classes = Equality.EquivalenceClasses("O");
        Assert.Equal([new CausalSetting(("WX", true), ("YZ", true)), new CausalSetting(("WX", false), ("YZ", false))], classes[true]);
        Assert.Equal(3, Equality.EquivalenceClasses("WX")[true].Count);
    }

    [Fact]
    public void APathIsLiveWhereAChangeIsFelt()
    {
        var and = new CausalModel(
        [
            CausalVariable.Input("A", Bits), CausalVariable.Input("B", Bits),
            CausalVariable.Computed("C", Bits, ["A", "B"], p => p[0].AsInteger() & p[1].AsInteger()),
        ]);
        Assert.Equal([["A", "C"]], and.LivePaths(new CausalSetting(("A", 0), ("B", 1))).Select(path => path.ToArray()));
        Assert.Empty(and.LivePaths(new CausalSetting(("A", 0), ("B", 0))));
    }

    [Fact]
    public void TrueAndOneAreOneValue()
    {
        Assert.Equal((CausalValue)1, true);
        Assert.Equal((CausalValue)1.0, 1);
        Assert.NotEqual((CausalValue)"1", 1);
        Assert.Equal(((CausalValue)1.0).GetHashCode(), ((CausalValue)true).GetHashCode());
    }

    [Fact]
    public void AnOpenVariableIsComputed()
    {
        var model = new CausalModel([CausalVariable.Input("n"), CausalVariable.Computed("square", null, ["n"], p => p[0].AsInteger() * p[0].AsInteger())]);
        Assert.Equal(49, model.Run(new CausalSetting(("n", 7)))["square"]);
        Assert.Contains("set it", Assert.Throws<CausalModelException>(() => model.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACircleIsNamed()
    {
        var error = Assert.Throws<CausalModelException>(() => new CausalModel(
            [CausalVariable.Computed("A", Bits, ["B"], p => p[0]), CausalVariable.Computed("B", Bits, ["A"], p => p[0])]));
        Assert.Contains("A → B → A", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMisspeltNameIsSuggested()
    {
        var error = Assert.Throws<CausalModelException>(() => Equality.Run(new CausalSetting(("WX1", true))));
        Assert.Contains("Did you mean 'WX'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AValueOutsideTheDomainIsRefused()
    {
        Assert.Contains("\"d\"", Assert.Throws<CausalModelException>(() => Equality.Run(new CausalSetting(("W", "d")))).Message, StringComparison.Ordinal);
        var model = new CausalModel([CausalVariable.Input("A", Bits), CausalVariable.Computed("B", Bits, ["A"], _ => 2)]);
        Assert.Contains("returned 2 for A = 0", Assert.Throws<CausalModelException>(() => model.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFunctionThatThrowsIsNamedWithItsParents()
    {
        var model = new CausalModel([CausalVariable.Input("A", Bits), CausalVariable.Computed("B", Bits, ["A"], p => 1 / p[0].AsInteger())]);
        Assert.Equal(1, model.Run(new CausalSetting(("A", 1)))["B"]);
        var error = Assert.Throws<CausalModelException>(() => model.Run());
        Assert.Contains("'B' threw for A = 0", error.Message, StringComparison.Ordinal);
        Assert.IsType<DivideByZeroException>(error.InnerException);
    }

    [Fact]
    public void TimeStepsIncreaseAlongEdges()
    {
        CausalVariable[] variables = [CausalVariable.Input("A", Bits), CausalVariable.Computed("B", Bits, ["A"], p => p[0])];
        Assert.Equal(3, new CausalModel(variables, new Dictionary<string, int> { ["A"] = 1, ["B"] = 3 }).TimeSteps["B"]);
        Assert.Throws<CausalModelException>(() => new CausalModel(variables, new Dictionary<string, int> { ["A"] = 1, ["B"] = 1 }));
        Assert.Throws<CausalModelException>(() => new CausalModel(variables, new Dictionary<string, int> { ["A"] = 1 }));
    }

    [Fact]
    public void ATruthTableWithoutAFunctionOrARowIsRefused()
    {
        const string Json = """{"values": {"A": [0, 1], "B": [0, 1]}, "parents": {"A": [], "B": ["A"]}, "functions": {FUNCTIONS}}""";
        var whole = CausalModel.Parse(Json.Replace("{FUNCTIONS}", """{"B": [[[0], 1], [[1], 0]]}""", StringComparison.Ordinal));
        Assert.Equal(1, whole.Run()["B"]);
        Assert.Throws<CausalModelException>(() => CausalModel.Parse(Json.Replace("{FUNCTIONS}", "{}", StringComparison.Ordinal)));
        var part = CausalModel.Parse(Json.Replace("{FUNCTIONS}", """{"B": [[[0], 1]]}""", StringComparison.Ordinal));
        Assert.Contains("no row for (1)", Assert.Throws<CausalModelException>(() => part.Run(new CausalSetting(("A", 1)))).Message, StringComparison.Ordinal);
    }
}
