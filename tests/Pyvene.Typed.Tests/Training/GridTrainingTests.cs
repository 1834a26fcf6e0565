using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Grids of trainings: a cell learns what it learns alone, stopped ones go on, and what cannot be is refused.</summary>
public sealed class GridTrainingTests : IDisposable
{
    private static readonly string[] Women = ["Mary", "Anna", "Emma", "Julia"];
    private static readonly string[] Men = ["John", "Paul", "Peter", "Tom"];

    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("grid").FullName, "cells");

    private static CounterfactualSet Pronouns { get; } = CounterfactualSet.Of(Women.SelectMany(woman => Men.SelectMany(man => new[]
    {
        new Counterfactual($"{woman} smiled because", $"{man} smiled because", " he"),
        new Counterfactual($"{man} smiled because", $"{woman} smiled because", " she"),
    })));

    private static CounterfactualSet Lengths { get; } = CounterfactualSet.Of(Women.SelectMany((woman, index) => Men.Select(man =>
        new Counterfactual($"{woman} smiled because", $"{man} {(index % 2 == 0 ? "went home" : "smiled")} because", " he")).Append(
        new Counterfactual($"{woman} went home because", $"{Men[index]} smiled because", " he"))));

    private static TrainingOptions Quick => new() { Epochs = 2, BatchSize = 16, Optimiser = Optimiser.Adam(0.05) };

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void EveryCellLearnsWhatItLearnsAlone()
    {
        using var grid = Primer.Model.TrainGrid(Gpt2.Layers(1..4), Positions.Of(0, ^1), Cell, Pronouns, Quick);
        Assert.Equal(6, grid.Cells.Count);
        foreach (var layer in Gpt2.Layers(1..4).On(Primer.Model))
        {
            var experiment = Cell(layer, ^1);
            using var plan = Primer.Model.Bind(experiment);
            var alone = plan.Train(Pronouns, Quick);
            Assert.Equal(alone.Steps[^1].Loss, grid[layer, ^1].Training.Steps[^1].Loss, 1e-4);
            Assert.Equal(plan.Evaluate(Pronouns).Accuracy, grid.Accuracy[layer, ^1]);
        }

        Assert.Equal(Pronouns.Count, grid.Accuracy.Values(Gpt2.Layer(1), 0).Count);
        Assert.Equal(grid.Cells.Max(cell => cell.Score.Accuracy), grid.Best.Score.Accuracy);
        Assert.Equal(0, grid.Accuracy.Clean); // without an intervention the other pronoun follows
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void CellsSideBySideLearnWhatTheyLearnOneByOne(int? patience)
    {
        // Not Adam, whose first step follows the sign of a gradient that may be rounding alone.
        var options = Quick with
        {
            Epochs = 4, BatchSize = 5, Accumulate = 2, ClipNorm = 1, Optimiser = Optimiser.Sgd(0.02), Evaluation = Pronouns, Patience = patience,
        };
        using var sideBySide = Grid(null);
        using var oneByOne = Grid(folder);
        Assert.All(sideBySide.Cells.Zip(oneByOne.Cells), pair =>
        {
            var (left, right) = (pair.First.Training, pair.Second.Training);
            Assert.Equal(right.EndedEarly, left.EndedEarly);
            Assert.Equal(right.Steps.Count, left.Steps.Count);
            Assert.All(left.Steps.Zip(right.Steps), step => Assert.Equal(step.Second.Loss, step.First.Loss, 1e-4));
            Assert.Equal(right.Evaluation!.Accuracy, left.Evaluation!.Accuracy);
        });
        Assert.Equal(patience is not null, sideBySide.Cells.Any(cell => cell.Training.EndedEarly));

        // Texts of two lengths, places before and behind each other, sites of two kinds, and two cells that read the same.
        TrainedGrid<Gpt2.Block, int> Grid(string? kept) => Primer.Model.TrainGrid(
            Gpt2.Layers(1..4),
            Axis.Of(0, 1, 2, 3),
            (layer, kind) => kind switch
            {
                0 => Seeded(layer, 0),
                1 => Seeded(layer, ^1),
                2 => Seeded(layer, ^2),
                _ => Seeded(layer, ^1, 2),
            },
            Lengths,
            options,
            kept);
    }

    [Fact]
    public void CellsSideBySideRunTheBlocksOnceAStep()
    {
        var calls = 0;
        using var model = Gpt2.Load(Primer.Folder);
        var last = (nn.Module<Tensor, Tensor>)model.Module.named_modules().First(item => item.name == "transformer.h.5.mlp.c_fc").module;
        last.register_forward_hook((_, _, output) =>
        {
            calls++;
            return output;
        });
        var (two, four) = (Calls(1..3), Calls(1..5));
        // What is evaluated, and what is computed before and behind the training, is a pass a cell at most.
        Assert.InRange(four - two, 0, 2);

        int Calls(Range layers)
        {
            calls = 0;
            using var grid = model.TrainGrid(Gpt2.Layers(layers), layer => Seeded(layer), Pronouns, Quick with { Epochs = 5 });
            return calls;
        }
    }

    [Fact]
    public void CellsSideBySideNeedNoMoreMemoryThanTheyMayTake()
    {
        using var roomy = Primer.Model.TrainGrid(Gpt2.Layers(1..4), layer => Seeded(layer), Pronouns, Quick);
        using var tight = Primer.Model.TrainGrid(Gpt2.Layers(1..4), layer => Seeded(layer), Pronouns, Quick with { MemoryBudget = 0 });
        Assert.All(roomy.Cells.Zip(tight.Cells), pair => Assert.Equal(pair.Second.Training.Steps[^1].Loss, pair.First.Training.Steps[^1].Loss, 1e-4));
    }

    [Fact]
    public void CellsThatReadTheSameShareWhatComesBeforeThem()
    {
        var calls = 0;
        using var model = Gpt2.Load(Primer.Folder);
        var first = (nn.Module<Tensor, Tensor>)model.Module.named_modules().First(item => item.name == "transformer.h.0.mlp.c_fc").module;
        first.register_forward_hook((_, _, output) =>
        {
            calls++;
            return output;
        });
        var one = Calls(1);
        Assert.Equal(one, Calls(1, 2, 4));

        int Calls(params int[] ranks)
        {
            calls = 0;
            using var grid = model.TrainGrid(
                Axis.Of(ranks), rank => Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.At(^1), new LowRankRotatedSpace(128, rank)), Pronouns, Quick);
            return calls;
        }
    }

    [Fact]
    public void StoppedGridGoesOnAndEndsWithTheSameBits()
    {
        var axis = Gpt2.Layers(1..4);
        using var whole = Primer.Model.TrainGrid(axis, layer => Seeded(layer), Pronouns, Quick, folder + "-whole");
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Primer.Model.TrainGrid(axis, layer => Seeded(layer), Pronouns, Quick, folder, new Told(_ => stop.Cancel()), stop.Token));
        Assert.Single(Directory.GetFiles(folder, "*.safetensors"));
        using var resumed = Primer.Model.TrainGrid(axis, layer => Seeded(layer), Pronouns, Quick, folder);
        Assert.Equal(whole.Cells.Select(cell => cell.Training.Steps[^1].Loss), resumed.Cells.Select(cell => cell.Training.Steps[^1].Loss));
        Assert.Equal(whole.ToString(), resumed.ToString());
        var error = Assert.Throws<CheckpointException>(() =>
            Primer.Model.TrainGrid(axis, layer => Seeded(layer), Pronouns, Quick with { Epochs = 3 }, folder));
        Assert.Contains("another training", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelsThatReadNoTextHaveGridsToo()
    {
        using var scope = NewDisposeScope();
        using var model = Mlp.Create(layers: 3, dModel: 8, labels: 2, className: "MLPForClassification", seed: 1);
        using var generator = new Generator(5, CPU);
        var (values, labels) = (randn([40, 2, 1, 8], generator: generator), randint(0, 2, [40], dtype: int64, generator: generator));
        var set = CounterfactualSet.OfTensors(
            new ModelInputs { InputsEmbeds = values.select(1, 0) }, [new ModelInputs { InputsEmbeds = values.select(1, 1) }], labels);
        using var grid = model.TrainGrid(
            Mlp.AllLayers, Axis.Of(1, 2), (layer, rank) => Mlp.Experiment.Apply(layer.BlockOutput, new LowRankRotatedSpace(8, rank)), set, Quick);
        Assert.Equal(["layer 0", "layer 1", "layer 2"], grid.Accuracy.Rows);
        Assert.All(grid.Cells, cell => Assert.InRange(cell.Score.Accuracy, 0, 1));
    }

    [Fact]
    public void WhatCannotBeAGridIsRefusedBeforeAnythingIsLearned()
    {
        using var space = new LowRankRotatedSpace(128, 1);
        Refused<InterventionException>("train one and the same LowRankRotatedSpace", layer => Gpt2.Experiment.Apply(layer.BlockOutput.At(^1), space), Quick);
        Refused<ArgumentException>("share one model, so it cannot learn", layer => Cell(layer, ^1), Quick with { TrainsModel = true });
        Refused<ArgumentException>("say in which folder", layer => Cell(layer, ^1), Quick with { Checkpoint = "one.safetensors" });
        Refused<InterventionException>("64", layer => Gpt2.Experiment.Apply(layer.BlockOutput.At(^1), new LowRankRotatedSpace(64, 1)), Quick);

        static void Refused<T>(string words, Func<Gpt2.Block, Experiment<Gpt2, OneSource>> cell, TrainingOptions options)
            where T : Exception =>
            Assert.Contains(
                words, Assert.Throws<T>(() => Primer.Model.TrainGrid(Gpt2.Layers(1..3), cell, Pronouns, options)).Message, StringComparison.Ordinal);
    }

    private static Experiment<Gpt2, OneSource> Cell(Gpt2.Block layer, Index position) => Seeded(layer, position);

    private static Experiment<Gpt2, OneSource> Seeded(Gpt2.Block layer, Index? position = null, int rank = 1)
    {
        var space = new LowRankRotatedSpace(128, rank);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        space.AssignRotation(linalg.qr(randn([128, rank], generator: generator)).Q);
        return Gpt2.Experiment.Apply(layer.BlockOutput.At(position ?? ^1), space);
    }

    private sealed class Told(Action<TrainedCell> act) : IProgress<TrainedCell>
    {
        public void Report(TrainedCell value) => act(value);
    }
}
