using System.Diagnostics;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Measures a step of a training at a model's shape: 8 examples of 32 tokens, one position, in the middle block, with a new batch each
/// step and with examples that were seen in an epoch before.</summary>
/// <param name="folder">The checkpoint.</param>
/// <param name="python">The Python side, or null.</param>
/// <param name="threads">How many threads both sides use.</param>
/// <param name="seconds">The time budget of one measurement.</param>
internal sealed class TrainingBenchmarks(string folder, PythonSide? python, int threads, double seconds)
{
    private const int Rows = 8;
    private const int Columns = 32;

    /// <summary>Prints the table.</summary>
    public void Print()
    {
        using var model = ModelLoader.Load(folder);
        var theirs = python?.Measure("bench_train.py", folder, threads, seconds) ?? [];
        var config = model.Config;
        var (width, layers) = (Size(config, "n_embd", "hidden_size"), Size(config, "n_layer", "num_hidden_layers"));
        SpeedTable.Head($"a training step, {folder}: {layers} layers, {width} wide, {Rows} × {Columns}, {threads} threads");
        foreach (var (name, key, most, mostAgain, make) in new (string, string, double, double, Func<InterventionModule>)[]
        {
            ("rotated, half of it swapped", "rotated", 1.0 / 3, 1.0 / 8, () => new RotatedSpace(width) { Dimensions = [.. Enumerable.Range(0, width / 2)] }),
            ("boundless", "boundless", 1.0 / 3, 1.0 / 8, () => new BoundlessRotatedSpace(width)),
            ("low rank 8", "lowrank_r8", 1.0 / 2, 1.0 / 10, () => new LowRankRotatedSpace(width, 8)),
            ("low rank 128", "lowrank_r128", 1.0 / 2.5, 1.0 / 10, () => new LowRankRotatedSpace(width, 128)),
        })
        {
            foreach (var position in new[] { 16, Columns - 1 })
            {
                foreach (var isAgain in new[] { false, true })
                {
                    using var module = make();
                    var step = StepOf(model, module, layers / 2, position, isAgain);
                    var row = $"{name}, position {position}{(isAgain ? ", seen before" : "")}";
                    var known = theirs.TryGetValue($"das_step/{key}/d{width}/8x32", out var their);
                    SpeedTable.Row(row, step, known ? [new Ratio("pyvene", their, isAgain ? mostAgain : most)] : []);
                }
            }
        }
    }

    private double StepOf(PretrainedModel model, InterventionModule module, int layer, int position, bool isAgain)
    {
        using var scope = NewDisposeScope();
        var config = new InterventionConfig
        {
            Architecture = Descriptors.ArchitectureDescriptor.FindByClass(model.GetName())!.Key,
            Sources = 1,
            Interventions =
            [
                new InterventionSpec
                {
                    Intervention = module,
                    Site = new SiteSpec { Component = "block_output", Layer = layer, At = Positions.Of(position) },
                },
            ],
        };
        using var plan = InterventionPlan.Bind(model, config);
        var batches = isAgain ? 8 : 1_000;
        using var generator = new Generator(1, CPU);
        ModelInputs Tokens() => new() { InputIds = randint(0, 1000, [Rows * batches, Columns], dtype: int64, generator: generator) };
        var set = CounterfactualSet.OfTensors(Tokens(), [Tokens()], randint(0, 1000, [Rows * batches], dtype: int64, generator: generator));
        var (times, watch, total) = (new List<double>(), Stopwatch.StartNew(), Stopwatch.StartNew());
        using var stop = new CancellationTokenSource();
        try
        {
            plan.Train(set, new TrainingOptions { BatchSize = Rows, Epochs = isAgain ? 1_000_000 : 1 }, new Told(_ =>
            {
                times.Add(watch.Elapsed.TotalSeconds);
                watch.Restart();
                if (total.Elapsed.TotalSeconds > seconds && times.Count > 3) stop.Cancel();
            }), stop.Token);
        }
        catch (OperationCanceledException)
        {
        }

        return times.Skip(1).Min();
    }

    private static int Size(ModelConfig config, string name, string other) => (int)(config.GetInteger(name) ?? config.GetInteger(other))!.Value;

    private sealed class Told(Action<TrainingStep> act) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => act(value);
    }
}
