using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Models that are no language models are swept as language models are: each cell is a run by itself.</summary>
public sealed class ModuleSweepTests
{
    private static Metric First { get; } = Metric.Of("first class", output => output.flatten(1).select(1, 0));

    [Fact]
    public void CellsOfAClassifierAreItsRuns()
    {
        using var scope = NewDisposeScope();
        using var model = ShippedModels.Create("mlp", "MLPForClassification");
        var (@base, source) = (ShippedModels.Inputs(model, 3, 1, 1), ShippedModels.Inputs(model, 3, 1, 2));
        var table = model.Sweep(
            Mlp.AllLayers,
            Axis.Of(2, 4),
            (layer, count) => Mlp.Experiment.Interchange(layer.BlockOutput.Features(..count)),
            @base,
            [source],
            [First, Metric.DivergenceFromClean]);
        foreach (var layer in Mlp.AllLayers.Of(2))
        {
            using var plan = Mlp.Experiment.Interchange(layer.BlockOutput.Features(..4)).Bind(model);
            using var run = plan.Run(@base, source);
            Assert.All(
                run.Output.flatten(1).select(1, 0).data<float>().ToArray().Zip(table.Values(layer, 4)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(
                run.CleanOutput!.flatten(1).select(1, 0).data<float>().ToArray().Zip(table.CleanValues), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        Assert.Equal(["layer 0", "layer 1"], table.Rows);
        Assert.All(table.Of(Metric.DivergenceFromClean).ToArray().Cast<double>(), value => Assert.True(value > 0));
    }

    [Fact]
    public void PositionsOfAnEncoderAreAnAxis()
    {
        using var scope = NewDisposeScope();
        using var model = ShippedModels.Create("bert", "BertForMaskedLM");
        var (@base, source) = (ShippedModels.Inputs(model, 1, 4, 1), ShippedModels.Inputs(model, 1, 4, 2));
        var table = model.Sweep(
            Bert.AllLayers, Positions.All, (layer, position) => Bert.Experiment.Interchange(layer.BlockOutput.At(position)), @base, [source], First);
        using var plan = Bert.Experiment.Interchange(Bert.Layer(1).BlockOutput.At(2)).Bind(model);
        using var run = plan.Run(@base, source);
        Assert.Equal(4, table.Columns.Count);
        Assert.Equal(run.Output.flatten(1).select(1, 0).item<float>(), table[Bert.Layer(1), 2], 1e-5);
    }

    [Fact]
    public void WhatAModuleDoesNotHaveIsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = ShippedModels.Create("mlp", "MLPForClassification");
        var inputs = new ModelInputs { InputsEmbeds = ShippedModels.Inputs(model, 3, 1, 1).InputsEmbeds };
        Refused("has no tokenizer", () => model.Sweep(Mlp.AllLayers, layer => Mlp.Experiment.Zero(layer.BlockOutput), inputs, [], Metric.Probability(" he")));
        Refused("take 0 sources, but 1", () => model.Sweep(Mlp.AllLayers, layer => Mlp.Experiment.Zero(layer.BlockOutput), inputs, [inputs], First));

        static void Refused(string words, Func<object> sweep) =>
            Assert.Contains(words, Assert.Throws<InterventionException>(sweep).Message, StringComparison.Ordinal);
    }
}
