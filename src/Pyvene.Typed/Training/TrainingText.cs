using System.Text.Json.Nodes;

namespace Pyvene.Typed.Training;

/// <summary>Writes the settings of a training as text, always the same for the same settings.</summary>
internal static class TrainingText
{
    /// <summary>Returns the settings that change what is learned; a loss of the user's own is told by its method.</summary>
    public static string Of(TrainingOptions options) => new JsonObject
    {
        ["epochs"] = options.Epochs,
        ["max_steps"] = options.MaxSteps,
        ["batch_size"] = options.BatchSize,
        ["accumulate"] = options.Accumulate,
        ["optimiser"] = Of(options.Optimiser),
        ["schedule"] = new JsonObject { ["kind"] = options.Schedule.Kind, ["warmup"] = options.Schedule.Warmup, ["total"] = options.Schedule.Total },
        ["clip_norm"] = options.ClipNorm,
        ["temperatures"] = options.Temperatures is { } temperatures
            ? new JsonObject { ["per_step"] = temperatures.IsPerStep, ["points"] = Numbers(temperatures.Points) }
            : null,
        ["regularisers"] = new JsonArray([.. options.Regularisers.Select(term => new JsonObject
        {
            ["kind"] = term.Kind.ToString(),
            ["parameter"] = term.Parameter,
            ["coefficient"] = term.Coefficient,
        })]),
        ["loss"] = options.Loss is { } loss ? $"{loss.Method.DeclaringType?.FullName}.{loss.Method.Name}" : null,
        ["task_weight"] = options.TaskWeight,
        ["trains_model"] = options.TrainsModel,
        ["trains_interventions"] = options.TrainsInterventions,
        ["seed"] = options.Seed,
        ["patience"] = options.Patience,
        ["evaluate_every"] = options.EvaluateEvery,
    }.ToJsonString();

    private static JsonObject Of(Optimiser optimiser) => new()
    {
        ["kind"] = optimiser.Kind.ToString(),
        ["learning_rate"] = optimiser.LearningRate,
        ["weight_decay"] = optimiser.WeightDecay,
        ["betas"] = Numbers([optimiser.Betas.First, optimiser.Betas.Second]),
        ["epsilon"] = optimiser.Epsilon,
        ["momentum"] = optimiser.Momentum,
        ["groups"] = new JsonArray([.. optimiser.Groups.Select(group => new JsonObject
        {
            ["name"] = group.Name,
            ["learning_rate"] = group.LearningRate,
            ["weight_decay"] = group.WeightDecay,
        })]),
    };

    private static JsonArray Numbers(IEnumerable<double> numbers) => new([.. numbers.Select(number => JsonValue.Create(number))]);
}
