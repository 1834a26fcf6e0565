using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Training;

/// <summary>Writes and reads the settings of a training, always the same text for the same settings; examples and functions are no part of it.</summary>
internal static class TrainingOptionsJson
{
    private static readonly TrainingOptions Defaults = new();

    /// <summary>Returns what changes what is learned, as text; a loss of the user's own is told by its method.</summary>
    public static string Fingerprint(TrainingOptions options) =>
        ConfigWriter.Text(json => Write(
            json, options with { Checkpoint = null, CheckpointEvery = Defaults.CheckpointEvery, TellGradients = false, Controls = [] }))
            + (options.Loss is { } loss ? $"{loss.Method.DeclaringType?.FullName}.{loss.Method.Name}" : "");

    /// <summary>Writes checked settings as an object; what is not set is left out.</summary>
    public static void Write(Utf8JsonWriter json, TrainingOptions options)
    {
        json.WriteStartObject();
        json.WriteNumber("epochs", options.Epochs);
        if (options.MaxSteps is { } most) json.WriteNumber("max_steps", most);
        json.WriteNumber("batch_size", options.BatchSize);
        json.WriteNumber("accumulate", options.Accumulate);
        Write(json, options.Optimiser);
        json.WriteStartObject("schedule");
        json.WriteString("kind", options.Schedule.Kind);
        if (options.Schedule.Warmup != 0) json.WriteNumber("warmup", options.Schedule.Warmup);
        if (options.Schedule.Total is { } total) json.WriteNumber("total", total);
        json.WriteEndObject();
        if (options.ClipNorm is { } norm) json.WriteNumber("clip_norm", norm);
        if (options.Temperatures is { } temperatures)
        {
            json.WriteStartObject("temperatures");
            json.WriteString("kind", temperatures.IsPerStep ? "steps" : "linear");
            json.WritePropertyName("points");
            ConfigWriter.WriteCompact(json, temperatures.Points.Select(point => point.ToString("R", CultureInfo.InvariantCulture)));
            json.WriteEndObject();
        }

        json.WriteStartArray("regularisers");
        foreach (var term in options.Regularisers)
        {
            json.WriteStartObject();
            json.WriteString("kind", Small(term.Kind));
            json.WriteString("parameter", term.Parameter);
            json.WriteNumber("coefficient", term.Coefficient);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("task_weight", options.TaskWeight);
        json.WriteBoolean("trains_model", options.TrainsModel);
        json.WriteBoolean("trains_interventions", options.TrainsInterventions);
        if (options.Seed is { } seed) json.WriteNumber("seed", seed);
        else json.WriteNull("seed");
        if (options.EvaluateEvery is { } every) json.WriteNumber("evaluate_every", every);
        if (options.Patience is { } patience) json.WriteNumber("patience", patience);
        if (!options.Controls.IsEmpty)
        {
            json.WriteStartArray("controls");
            foreach (var control in options.Controls)
            {
                control.Write(json);
            }

            json.WriteEndArray();
        }

        json.WriteNumber("memory_budget", options.MemoryBudget);
        json.WriteBoolean("tell_gradients", options.TellGradients);
        if (options.Checkpoint is { } path) json.WriteString("checkpoint", path);
        json.WriteNumber("checkpoint_every", options.CheckpointEvery);
        json.WriteEndObject();
    }

    /// <summary>Reads settings, which are not checked yet; what is left out has its default.</summary>
    public static TrainingOptions Read(JsonPlace json)
    {
        var fields = json.Fields("epochs", "max_steps", "batch_size", "accumulate", "optimiser", "schedule", "clip_norm", "temperatures", "regularisers",
            "task_weight", "trains_model", "trains_interventions", "seed", "evaluate_every", "patience", "controls", "memory_budget", "tell_gradients",
            "checkpoint", "checkpoint_every");
        return new TrainingOptions
        {
            Epochs = json["epochs"].Integer(Defaults.Epochs),
            MaxSteps = json.Member("max_steps")?.Integer(),
            BatchSize = json["batch_size"].Integer(Defaults.BatchSize),
            Accumulate = json["accumulate"].Integer(Defaults.Accumulate),
            Optimiser = json.Member("optimiser") is { } optimiser ? OptimiserOf(optimiser) : Defaults.Optimiser,
            Schedule = json.Member("schedule") is { } schedule ? ScheduleOf(schedule) : Defaults.Schedule,
            ClipNorm = json.Member("clip_norm")?.Double(),
            Temperatures = json.Member("temperatures") is { } temperatures ? TemperaturesOf(temperatures) : null,
            Regularisers = json.Member("regularisers")?.Items() is { Count: > 0 } terms ? [.. terms.Select(RegulariserOf)] : [],
            TaskWeight = Number(json, "task_weight") ?? Defaults.TaskWeight,
            TrainsModel = json["trains_model"].Boolean(Defaults.TrainsModel),
            TrainsInterventions = json["trains_interventions"].Boolean(Defaults.TrainsInterventions),
            Seed = !fields.TryGetValue("seed", out var seed) ? Defaults.Seed
                : !seed.Exists ? null
                : seed.Element.IsWhole(out var number) ? number : throw seed.Wrong("a whole number, or null for the order of the set"),
            EvaluateEvery = json.Member("evaluate_every")?.Integer(),
            Patience = json.Member("patience")?.Integer(),
            Controls = json.Member("controls")?.Items() is { Count: > 0 } controls ? [.. controls.Select(Control.Read)] : [],
            MemoryBudget = json.Member("memory_budget") is not { } budget ? Defaults.MemoryBudget
                : budget.Element.IsWhole(out var bytes) ? bytes : throw budget.Wrong("a whole number of bytes"),
            TellGradients = json["tell_gradients"].Boolean(Defaults.TellGradients),
            Checkpoint = json["checkpoint"].OptionalString(),
            CheckpointEvery = json["checkpoint_every"].Integer(Defaults.CheckpointEvery),
        };
    }

    private static void Write(Utf8JsonWriter json, Optimiser optimiser)
    {
        json.WriteStartObject("optimiser");
        json.WriteString("kind", Small(optimiser.Kind));
        json.WriteNumber("learning_rate", optimiser.LearningRate);
        json.WriteNumber("weight_decay", optimiser.WeightDecay);
        json.WritePropertyName("betas");
        ConfigWriter.WriteCompact(
            json, new[] { optimiser.Betas.First, optimiser.Betas.Second }.Select(beta => beta.ToString("R", CultureInfo.InvariantCulture)));
        json.WriteNumber("epsilon", optimiser.Epsilon);
        json.WriteNumber("momentum", optimiser.Momentum);
        json.WriteStartArray("groups");
        foreach (var group in optimiser.Groups)
        {
            json.WriteStartObject();
            json.WriteString("name", group.Name);
            json.WriteNumber("learning_rate", group.LearningRate);
            if (group.WeightDecay is { } decay) json.WriteNumber("weight_decay", decay);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Optimiser OptimiserOf(JsonPlace json)
    {
        json.Fields("kind", "learning_rate", "weight_decay", "betas", "epsilon", "momentum", "groups");
        var optimiser = ConfigReader.Named(json["kind"], OptimiserKind.Adam, OptimiserKind.AdamW, OptimiserKind.Sgd) switch
        {
            OptimiserKind.Adam => Optimiser.Adam(),
            OptimiserKind.AdamW => Optimiser.AdamW(),
            _ => Optimiser.Sgd(json["learning_rate"].Double()), // it has no default
        };
        return optimiser with
        {
            LearningRate = Number(json, "learning_rate") ?? optimiser.LearningRate,
            WeightDecay = Number(json, "weight_decay") ?? optimiser.WeightDecay,
            Betas = json.Member("betas") is not { } betas ? optimiser.Betas
                : betas.Items() is [var first, var second] ? (first.Double(), second.Double()) : throw betas.Wrong("two numbers"),
            Epsilon = Number(json, "epsilon") ?? optimiser.Epsilon,
            Momentum = Number(json, "momentum") ?? optimiser.Momentum,
            Groups = json.Member("groups") is { } groups ? [.. groups.Items().Select(GroupOf)] : [],
        };
    }

    private static ParameterGroup GroupOf(JsonPlace json)
    {
        json.Fields("name", "learning_rate", "weight_decay");
        return new(json["name"].String(), json["learning_rate"].Double(), Number(json, "weight_decay"));
    }

    private static RateSchedule ScheduleOf(JsonPlace json)
    {
        json.Fields("kind", "warmup", "total");
        var (warmup, total) = (Number(json, "warmup") ?? 0, json.Member("total")?.Integer());
        return ConfigReader.Guard(json, () => json["kind"].String() switch
        {
            "constant" => warmup == 0 && total is null
                ? RateSchedule.Constant
                : throw json.Error("must have neither 'warmup' nor 'total', since the rate stays as it is"),
            "linear" => RateSchedule.Linear(warmup, total),
            "cosine" => RateSchedule.Cosine(warmup, total),
            _ => throw json["kind"].Wrong("one of \"constant\", \"linear\", \"cosine\""),
        });
    }

    private static TemperatureSchedule TemperaturesOf(JsonPlace json)
    {
        json.Fields("kind", "points");
        double[] points = [.. json["points"].Items().Select(point => point.Double())];
        return ConfigReader.Guard(json, () => json["kind"].String() switch
        {
            "linear" => points is [var start, var end] ? TemperatureSchedule.Linear(start, end) : throw json["points"].Wrong("two temperatures"),
            "steps" => TemperatureSchedule.Of(points),
            _ => throw json["kind"].Wrong("one of \"linear\", \"steps\""),
        });
    }

    private static Regulariser RegulariserOf(JsonPlace json)
    {
        json.Fields("kind", "parameter", "coefficient");
        return new(
            ConfigReader.Named(json["kind"], RegulariserKind.Sum, RegulariserKind.L1), json["parameter"].String(), json["coefficient"].Double());
    }

    private static double? Number(JsonPlace json, string name) => json.Member(name)?.Double();

    private static string Small<T>(T kind)
        where T : struct, Enum => kind.ToString().ToLowerInvariant();
}
