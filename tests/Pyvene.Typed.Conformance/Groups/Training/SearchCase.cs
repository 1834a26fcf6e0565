using System.Globalization;
using System.Text.RegularExpressions;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>
/// Searches a trained model for a variable at one place: the whole vector swapped, which is exact, and a rotation that is trained with three seeds, whose mean
/// interchange intervention accuracy must lie within 0.05 of the range of the recorded seeds.
/// </summary>
internal static partial class SearchCase
{
    private const double Beside = 0.05;
    private static readonly int[] Seeds = [1, 2, 3];

    /// <summary>Checks what the model itself says.</summary>
    public static void CheckTask(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        using var quiet = no_grad();
        var factual = golden.Required("factual");
        var last = model.call(new ModelInputs { InputIds = golden.Tensor(factual.GetProperty("input_ids")) }).Logits!.select(1, -1); // [batch, vocab]
        comparison.Tensor("last logits", last, golden.Tensor(factual.GetProperty("last_logits")), golden.Tolerance(Tolerance.Forward));
        var share = last.argmax(-1).eq(golden.Tensor(factual.GetProperty("labels"))).to(float64).mean().item<double>();
        comparison.Number("accuracy", share, GoldenCase.Number(golden.Required("accuracy")), golden.Tolerance(Tolerance.Forward));
    }

    /// <summary>Checks what is found at a place.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        var (train, test, expected) = (Set(golden, "train"), Set(golden, "test"), golden.Required("expect"));
        if (expected.TryGetProperty("iia_whole_swap", out var swapped))
        {
            using var plan = InterventionPlan.Bind(model, Config(golden, model, new Interchange()));
            comparison.Number("IIA of the whole swap", plan.Evaluate(test, 1024).Accuracy, GoldenCase.Number(swapped), golden.Tolerance(Tolerance.Forward));
        }

        if (!expected.TryGetProperty("iia", out var trained)) return;
        var recorded = trained.EnumerateArray().Select(GoldenCase.Number).ToArray();
        var options = Options(golden, train.Count);
        var width = (int)ValuesAt(golden, model, BasesOf(golden, "test").narrow(0, 0, 1)).shape[1];
        var mean = Seeds.Average(seed => Trained(golden, model, width, train, test, options with { Seed = seed }));
        comparison.Number("mean IIA of three seeds", mean, Math.Clamp(mean, recorded.Min(), recorded.Max()), new Tolerance(0, Beside));
    }

    private static double Trained(
        GoldenCase golden, PretrainedModel model, int width, CounterfactualSet train, CounterfactualSet test, TrainingOptions options)
    {
        using var module = ModuleReader.Read(golden.Json, width);
        if (module is not RotatingModule rotating) throw new UnsupportedCaseException($"a search with '{module.Type}'");
        using (var generator = new Generator((ulong)options.Seed!.Value, CPU))
        {
            using var start = rotating.ComputeRotation();
            rotating.AssignRotation(linalg.qr(randn(start.shape, generator: generator)).Q.to(start.device));
        }

        using var plan = InterventionPlan.Bind(model, Config(golden, model, new Learned(module)));
        plan.Train(train, options);
        return plan.Evaluate(test, 1024).Accuracy;
    }

    /// <summary>Returns what the model has at the case's place: [example, width], of the current dispose scope.</summary>
    public static Tensor ValuesAt(GoldenCase golden, PretrainedModel model, Tensor inputIds)
    {
        using var plan = InterventionPlan.Bind(model, Config(golden, model, new Collect()));
        using var run = plan.Run(new ModelInputs { InputIds = inputIds });
        return run.Collected[0].flatten(1).clone();
    }

    /// <summary>Returns the base sentences of a part of the data: int64 [example, position].</summary>
    public static Tensor BasesOf(GoldenCase golden, string part) => golden.Tensor(golden.Required("data").GetProperty(part).GetProperty("base"));

    private static TrainingOptions Options(GoldenCase golden, int examples)
    {
        var (epochs, batch) = (golden.Required("epochs").GetInt32(), golden.Required("batch").GetInt32());
        var optimiser = Optimiser.Adam(GoldenCase.Number(golden.Required("lr")));
        if (golden.Field("lr_boundary") is { } rate) optimiser = optimiser.With("intervention_boundaries", GoldenCase.Number(rate));
        var steps = epochs * ((examples + batch - 1) / batch);
        return new TrainingOptions
        {
            Epochs = epochs,
            BatchSize = batch,
            Optimiser = optimiser,
            Schedule = Numbers(golden, "optimizer", Warming()) is [var percent] ? RateSchedule.Linear(percent / 100 * steps) : RateSchedule.Constant,
            Regularisers = Numbers(golden, "regulariser", OfBoundary()) is [var coefficient] ? [Regulariser.Boundary(coefficient)] : [],
            Temperatures = Numbers(golden, "temperatures", Line()) is [var start, var end] ? TemperatureSchedule.Linear(start, end) : null,
        };
    }

    // What the words of a field say, in the one form that is known; none where the field is not there.
    private static double[] Numbers(GoldenCase golden, string field, Regex form)
    {
        if (golden.Text(field) is not { } words) return [];
        var match = form.Match(words);
        return match.Success
            ? [.. match.Groups.Values.Skip(1).Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture))]
            : throw new UnsupportedCaseException($"'{field}' is \"{words}\"");
    }

    private static CounterfactualSet Set(GoldenCase golden, string part)
    {
        var data = golden.Required("data").GetProperty(part);
        return CounterfactualSet.OfTensors(Tokens("base"), [Tokens("source")], golden.Tensor(data.GetProperty("labels")));

        ModelInputs Tokens(string name) => new() { InputIds = golden.Tensor(data.GetProperty(name)) };
    }

    private static InterventionConfig Config(GoldenCase golden, PretrainedModel model, Intervention intervention) => new()
    {
        Architecture = Descriptors.ArchitectureDescriptor.FindByClass(model.GetName())?.Key,
        Sources = intervention.Source is SourceNeed.None ? 0 : 1,
        Interventions =
        [
            new InterventionSpec
            {
                Intervention = intervention,
                Site = new SiteSpec
                {
                    Component = golden.Text("component"),
                    Layer = golden.Required("layer").GetInt32(),
                    At = Positions.Of(golden.Required("position").GetInt32()),
                },
            },
        ],
    };

    [GeneratedRegex(@"^Adam, linear schedule with ([\d.]+) % warm-up$")]
    private static partial Regex Warming();

    [GeneratedRegex(@"^([\d.e+-]+) \* boundary$")]
    private static partial Regex OfBoundary();

    [GeneratedRegex(@"^linspace\(([\d.]+), ([\d.]+), number of batches\)$")]
    private static partial Regex Line();
}
