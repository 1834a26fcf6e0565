using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Is a training that a process of its own runs, so that it can be killed, and that this process runs to its end.</summary>
internal static class KilledTraining
{
    public const int Steps = 120;

    /// <summary>Trains from the checkpoint on, or from the start.</summary>
    /// <param name="checkpoint">The file; null = none.</param>
    /// <returns>The bits of what was learned, and what was told.</returns>
    public static (byte[] Bits, TrainingResult Result) Run(string? checkpoint)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        using var model = Mlp.Create(layers: 2, dModel: 8, labels: 2, className: "MLPForClassification", seed: 1);
        using var space = new BoundlessRotatedSpace(8);
        space.AssignRotation(linalg.qr(randn([8, 8], generator: generator)).Q);
        using var plan = Mlp.Experiment.Apply(Mlp.Layer(0).BlockOutput, space).Bind(model);
        var values = randn([40, 2, 1, 8], generator: generator);
        var set = CounterfactualSet.OfTensors(
            new ModelInputs { InputsEmbeds = values.select(1, 0) },
            [new ModelInputs { InputsEmbeds = values.select(1, 1) }],
            randint(0, 2, [40], dtype: int64, generator: generator));
        var result = plan.Train(set, new TrainingOptions
        {
            Epochs = Steps, // more than there are steps
            MaxSteps = Steps,
            BatchSize = 7,
            Accumulate = 2,
            Optimiser = Optimiser.AdamW(0.01).With("intervention_boundaries", 0.02),
            Schedule = RateSchedule.Linear(20),
            Temperatures = TemperatureSchedule.Linear(20, 0.5),
            Evaluation = set,
            EvaluateEvery = 20,
            Checkpoint = checkpoint,
            CheckpointEvery = 2,
        });
        return ([.. space.CopyState().OrderBy(part => part.Key, StringComparer.Ordinal)
            .SelectMany(part => part.Value.contiguous().bytes.ToArray())], result);
    }
}
