using CsCheck;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Causal;

public sealed class DataSetTests
{
    private static readonly CausalModel Equality = EqualityModel.Of("a", "b", "c", "d");
    private static readonly CausalValue[] Bits = [0, 1];

    [Fact]
    public void BalancedInputsBringEachOutputAboutAsOften()
    {
        var set = Equality.DrawFactual(20_000, seed: 1, new SamplingOptions { BalancedBy = "O" });
        Assert.InRange(set.Labels.Count(label => label["O"].AsBoolean()), 9_700, 10_300);
    }

    [Fact]
    public void ABalancedInputBringsItsValueAbout() => Gen.Select(Gen.Long, Gen.Int[4, 6], Gen.Bool).Holds((seed, at, value) =>
    {
        var variable = Equality.Variables[at];
        Assert.Equal(value, Equality.Run(Equality.SampleBalancedInput(new CausalRandom(seed), variable, value))[variable]);
    });

    [Fact]
    public void ABalancedInputBringsItsValueAboutWhereParentsAreShared() => Gen.Select(Gen.Long, Gen.Bool).Holds((seed, value) =>
    {
        var model = new CausalModel(
        [
            CausalVariable.Input("A", Bits), CausalVariable.Input("B", Bits), CausalVariable.Input("C", Bits),
            CausalVariable.Computed("P", Bits, ["A", "B"], p => p[0].AsInteger() ^ p[1].AsInteger()),
            CausalVariable.Computed("Q", Bits, ["B", "C"], p => p[0].AsInteger() & p[1].AsInteger()),
            CausalVariable.Computed("O", Bits, ["P", "Q"], p => p[0].AsInteger() & p[1].AsInteger()),
        ]);
        Assert.Equal(value, model.Run(model.SampleBalancedInput(new CausalRandom(seed), "O", value))["O"]);
    });

    [Fact]
    public void LabelsAreTheInterchangeOfTheStoredInputs()
    {
        var set = Equality.DrawCounterfactual(64, 8, seed: 3);
        for (var i = 0; i < set.Count; i++)
        {
            var variables = Equality.Intermediates.Where((_, at) => (set.InterventionIds[i] >> at & 1) == 1).ToArray();
            var sources = variables.Select((variable, at) => (variable, set.Sources[at][i]));
            Assert.NotEmpty(variables);
            Assert.Equal(Equality.Interchange(set.Inputs[i], sources), set.Labels[i]);
            Assert.Equal(Equality.Run(set.Inputs[i]), set.BaseLabels[i]);
            Assert.Equal(set.InterventionIds[i / 8 * 8], set.InterventionIds[i]);
        }

        Assert.Equal([1L, 2L, 3L], set.InterventionIds.Distinct().Order());
    }

    [Fact]
    public void InterventionsOnWhatOpenInputsBringAboutComeOfTheSampler()
    {
        var equality = new CausalModel(
        [
            CausalVariable.Input("W"), CausalVariable.Input("X"), CausalVariable.Input("Y"), CausalVariable.Input("Z"),
            CausalVariable.Computed("WX", [false, true], ["W", "X"], p => p[0] == p[1]),
            CausalVariable.Computed("YZ", [false, true], ["Y", "Z"], p => p[0] == p[1]),
            CausalVariable.Computed("O", [false, true], ["WX", "YZ"], p => p[0] == p[1]),
        ]);
        static CausalSetting Drawn(CausalRandom random) =>
            new(((string[])["W", "X", "Y", "Z"]).Select(name => (name, (CausalValue)(random.Next(2) == 0 ? 0.25 : 0.75))));
        var options = new SamplingOptions { Inputs = Drawn, Sources = (random, _, _) => Drawn(random) };

        var set = equality.DrawCounterfactual(200, 1, seed: 1, options);
        Assert.Equal([1L, 2L, 3L], set.InterventionIds.Distinct().Order());
        for (var i = 0; i < set.Count; i++)
        {
            var variables = equality.Intermediates.Where((_, at) => (set.InterventionIds[i] >> at & 1) == 1);
            Assert.Equal(equality.Interchange(set.Inputs[i], variables.Select((variable, at) => (variable, set.Sources[at][i]))), set.Labels[i]);
        }

        Assert.All(equality.DrawCounterfactual(20, 1, seed: 1, options with { Among = ["YZ"] }).InterventionIds, id => Assert.Equal(2, id));
    }

    [Fact]
    public void TheSameSeedGivesTheSameSet()
    {
        Assert.Equal(Equality.DrawCounterfactual(16, 4, seed: 5).Labels, Equality.DrawCounterfactual(16, 4, seed: 5).Labels);
        Assert.NotEqual(Equality.DrawCounterfactual(16, 4, seed: 5).Labels, Equality.DrawCounterfactual(16, 4, seed: 6).Labels);
    }

    [Fact]
    public void VectorsLieSideBySideAndMissingSourcesAreZero()
    {
        using var scope = NewDisposeScope();
        var model = EqualityModel.Of(new[] { 1.0, 2 }, new[] { 3.0, 4 });
        var set = model.DrawCounterfactual(6, 4, seed: 0, new SamplingOptions { Interventions = _ => new CausalSetting(("YZ", true)) });
        Assert.Equal(8, set.Count); // whole batches
        Assert.Equal([8, 8], set.InputTensor().shape);
        Assert.Equal([8, 2, 8], set.SourceTensor().shape);
        Assert.True(set.SourceTensor().select(1, 0).ne(0).all().item<bool>());
        Assert.True(set.SourceTensor().select(1, 1).eq(0).all().item<bool>());
        Assert.True(set.InterventionIdTensor().eq(2).all().item<bool>());
        Assert.Equal(set.Labels[5]["O"].AsNumber(), set.LabelTensor()[5, 0].item<float>());
    }

    [Fact]
    public void TextsHaveNoTensor()
    {
        var error = Assert.Throws<CausalModelException>(() => Equality.DrawFactual(2, 0).InputTensor());
        Assert.Contains("have no form in a tensor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterventionOnWhatNothingDependsOnIsRefused()
    {
        var options = new SamplingOptions { Interventions = _ => new CausalSetting(("O", true)) };
        var error = Assert.Throws<CausalModelException>(() => Equality.DrawCounterfactual(4, 4, 0, options));
        Assert.Contains("'O', which is an output", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFilterThatLetsNothingThroughIsRefused() =>
        Assert.Throws<CausalModelException>(() => Equality.DrawFactual(1, 0, new SamplingOptions { Filter = _ => false }));

    [Fact]
    public void AValueThatNoInputBringsAboutIsRefused()
    {
        var model = new CausalModel([CausalVariable.Input("A", Bits), CausalVariable.Computed("B", [0, 1, 2], ["A"], p => p[0])]);
        Assert.Throws<CausalModelException>(() => model.SampleBalancedInput(new CausalRandom(0), "B", 2));
    }
}
