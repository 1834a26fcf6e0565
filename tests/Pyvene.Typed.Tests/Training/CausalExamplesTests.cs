using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Causal;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Samples of a causal model become examples to train with.</summary>
public sealed class CausalExamplesTests
{
    private static readonly CausalValue[][] Vectors = [[new[] { 0.1, 0.9 }], [new[] { -0.4, 0.2 }], [new[] { 0.7, 0.5 }]];
    private static readonly CausalModel Equality = EqualityModel.Of([.. Vectors.Select(vector => vector[0])]);

    [Fact]
    public void EachVariableHasItsOwnSourceWhereverTheSamplesHoldIt()
    {
        var samples = Equality.DrawCounterfactual(48, 4, seed: 7);
        using var scope = NewDisposeScope();
        var columns = Columns(samples.ToExamples());
        for (var row = 0; row < samples.Count; row++)
        {
            var interchange = new List<(string, CausalSetting)>();
            var next = 0;
            foreach (var (variable, source) in Equality.Intermediates.Select((variable, source) => (variable, source)))
            {
                Assert.Equal((samples.InterventionIds[row] >> source & 1) == 1, columns.Has(row, source));
                if (!columns.Has(row, source)) continue;
                var setting = samples.Sources[next++][row];
                Assert.Equal(Numbers(setting), Row(columns.Sources[source].Arguments![0], row));
                interchange.Add((variable, setting));
            }

            Assert.Equal(Numbers(samples.Inputs[row]), Row(columns.Base.Arguments![0], row));
            Assert.Equal(Equality.Interchange(samples.Inputs[row], interchange)["O"].AsInteger(), columns.Labels[row].item<long>());
            Assert.Equal(samples.BaseLabels[row]["O"].AsInteger(), columns.BaseLabels![row].item<long>());
        }
    }

    [Fact]
    public void SourcesComeInTheOrderOfTheVariablesThatAreNamed()
    {
        var samples = Equality.DrawCounterfactual(16, 2, seed: 3);
        using var scope = NewDisposeScope();
        var (given, turned) = (Columns(samples.ToExamples()), Columns(samples.ToExamples(["YZ", "WX"])));
        var rows = Enumerable.Range(0, samples.Count).ToArray();
        Assert.Equal(rows.Select(row => (given.Has(row, 1), given.Has(row, 0))), rows.Select(row => (turned.Has(row, 0), turned.Has(row, 1))));
    }

    [Fact]
    public void LabelsAndInputsMayHaveAFormOfTheirOwn()
    {
        var samples = Equality.DrawCounterfactual(8, 2, seed: 3);
        using var scope = NewDisposeScope();
        var columns = Columns(samples.ToExamples(
            inputs: settings => new() { InputIds = tensor(settings.Select(setting => setting["W"] == setting["X"] ? 5L : 6L).ToArray(), [settings.Count, 1]) },
            label: setting => setting["O"].AsBoolean() ? 30 : 40));
        Assert.Equal(samples.Inputs.Select(setting => setting["W"] == setting["X"] ? 5L : 6L), columns.Base.InputIds!.data<long>().ToArray());
        Assert.Equal(samples.Labels.Select(setting => setting["O"].AsBoolean() ? 30L : 40L), columns.Labels.data<long>().ToArray());
    }

    [Fact]
    public void InputsAndOutputsOfATypeAreGivenToFunctionsAsTheyAre()
    {
        var samples = Causal.Equality.DrawCounterfactual(16, 2, seed: 3);
        var texts = samples.ToExamples(
            Causal.Equality.Variables.Same, input => $"{input.W}{input.X} {input.Y}{input.Z}", same => same ? " yes" : " no",
            Causal.Equality.Variables.YZ, Causal.Equality.Variables.WX);
        using var scope = NewDisposeScope();
        var columns = Columns(samples.ToExamples(Causal.Equality.Variables.Same, same => same ? 7 : 5, inputs => new()
        {
            InputIds = tensor(inputs.Select(input => (long)input.W).ToArray(), [inputs.Count, 1]),
        }));
        foreach (var (row, example) in texts.Examples.Index())
        {
            var label = Causal.Equality.Variables.Same.In(samples.Labels[row]);
            Assert.Equal(label ? " yes" : " no", example.Label);
            Assert.Equal(label ? 7 : 5, columns.Labels[row].item<long>());
            var w = Causal.Equality.Variables.W.In(samples.Inputs[row]);
            Assert.StartsWith($"{w}", example.Base.Texts[0], StringComparison.Ordinal);
            Assert.Equal((long)w, columns.Base.InputIds![row, 0].item<long>());
            Assert.Equal((columns.Has(row, 1), columns.Has(row, 0)), (example.Sources[0].Prompt is not null, example.Sources[1].Prompt is not null));
        }

        Assert.Contains("another causal model than 'Equality'", Refused(() => Equality.DrawCounterfactual(8, 2, seed: 1).ToExamples(
            Causal.Equality.Variables.Same, same => same ? 1 : 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void SamplesThatInterveneOnAVariableWithoutASourceAreRefused()
    {
        var samples = Equality.DrawCounterfactual(32, 2, seed: 1);
        Assert.Contains("'YZ', which no source stands for", Refused(() => samples.ToExamples(["WX"])), StringComparison.Ordinal);
        var only = Equality.DrawCounterfactual(32, 2, 1, new SamplingOptions { Filter = intervention => !intervention.ContainsKey("YZ") });
        using var scope = NewDisposeScope();
        Assert.Equal(1, only.ToExamples(["WX"]).SourceCount);
    }

    [Fact]
    public void VariablesThatNoSampleIntervenesOnAreRefused()
    {
        var samples = Equality.DrawCounterfactual(8, 2, seed: 1);
        Assert.Contains("Did you mean 'WX'?", Refused(() => samples.ToExamples(["WXX", "YZ"])), StringComparison.Ordinal);
        Assert.Contains("'O' is not between inputs and outputs", Refused(() => samples.ToExamples(["O"])), StringComparison.Ordinal);
        Assert.Contains("stands twice", Refused(() => samples.ToExamples(["WX", "WX"])), StringComparison.Ordinal);
    }

    private static string Refused(Action action) => Assert.Throws<CausalModelException>(action).Message;

    private static ExampleColumns Columns(CounterfactualSet set) => set.Columns(null, () => CPU);

    private static float[] Numbers(CausalSetting setting) =>
        [.. Equality.Inputs.SelectMany(name => setting[name].AsVector().ToArray()).Select(number => (float)number)];

    private static float[] Row(Tensor tensor, int row) => tensor[row].data<float>().ToArray();
}
