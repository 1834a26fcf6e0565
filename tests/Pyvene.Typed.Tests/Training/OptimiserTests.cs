using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Optimisers, schedules and clipping against PyTorch and transformers: Recorded/optimisers.py made the numbers, in float64.</summary>
public sealed class OptimiserTests
{
    private const double Tolerance = 1e-9; // the last bits of sums in another order, over ten steps

    private static readonly JsonElement Recorded = JsonElement.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Tests", "Training", "Recorded", "optimisers.json")));

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Recorded.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryStepIsPyTorchs(int index)
    {
        var recorded = Recorded.GetProperty("cases")[index];
        var name = $"{recorded.GetProperty("kind")}, {recorded.GetProperty("schedule")}";
        using var scope = NewDisposeScope();
        using var module = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2));
        module.to(float64);
        Fill(module, Numbers(Recorded.GetProperty("start")));
        var config = new InterventionConfig
        {
            Interventions = [new InterventionSpec { Intervention = new Collect(), Site = new SiteSpec { ModulePath = "1" }, Name = "hidden" }],
        };
        using var plan = Typed.Engine.InterventionPlan.Bind(module, config);
        var labels = tensor(Recorded.GetProperty("labels").EnumerateArray().Select(label => label.GetInt64()).ToArray());
        var inputs = tensor([.. Recorded.GetProperty("inputs").EnumerateArray().SelectMany(Numbers)], [5, 3], dtype: float64);
        var (losses, states) = (new List<double>(), new List<double[]>());
        plan.Train(CounterfactualSet.OfTensors(inputs, [], labels), OptionsOf(recorded), new Told(step =>
        {
            losses.Add(step.Loss);
            states.Add([.. module.parameters().SelectMany(parameter => parameter.data<double>().ToArray())]);
        }));
        AreClose(Numbers(recorded.GetProperty("losses")), losses, name);
        foreach (var (step, expected) in recorded.GetProperty("parameters").EnumerateArray().Select(Numbers).Index())
        {
            AreClose(expected, states[step], $"{name}, step {step + 1}");
        }
    }

    private static TrainingOptions OptionsOf(JsonElement recorded)
    {
        var settings = recorded.GetProperty("settings");
        var optimiser = recorded.GetProperty("kind").GetString() switch
        {
            "adam" => Optimiser.Adam(),
            "adamw" => Optimiser.AdamW(),
            _ => Optimiser.Sgd(0),
        };
        optimiser = optimiser with
        {
            LearningRate = settings.GetProperty("lr").GetDouble(),
            WeightDecay = Setting("weight_decay", optimiser.WeightDecay),
            Betas = settings.TryGetProperty("betas", out var betas) ? (betas[0].GetDouble(), betas[1].GetDouble()) : optimiser.Betas,
            Epsilon = Setting("eps", optimiser.Epsilon),
            Momentum = Setting("momentum", optimiser.Momentum),
        };
        foreach (var group in recorded.GetProperty("groups").EnumerateObject())
        {
            optimiser = optimiser.With(
                group.Name,
                group.Value.GetProperty("lr").GetDouble(),
                group.Value.TryGetProperty("weight_decay", out var decay) ? decay.GetDouble() : null);
        }

        return new TrainingOptions
        {
            Epochs = 10,
            BatchSize = 5,
            Seed = null,
            TrainsModel = true,
            TrainsInterventions = false,
            Optimiser = optimiser,
            ClipNorm = recorded.GetProperty("clip") is { ValueKind: JsonValueKind.Number } clip ? clip.GetDouble() : null,
            Schedule = recorded.GetProperty("schedule").GetString() switch
            {
                "linear" => RateSchedule.Linear(3),
                "linear_short" => RateSchedule.Linear(2, 6),
                "linear_warmup_only" => RateSchedule.Linear(5, 3),
                "cosine" => RateSchedule.Cosine(3),
                "cosine_short" => RateSchedule.Cosine(0, 7),
                _ => RateSchedule.Constant,
            },
        };

        double Setting(string name, double otherwise) => settings.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
    }

    private static void Fill(nn.Module module, double[] numbers)
    {
        using var quiet = no_grad();
        var start = 0;
        foreach (var parameter in module.parameters())
        {
            var count = (int)parameter.numel();
            parameter.copy_(tensor(numbers[start..(start + count)], parameter.shape, dtype: float64));
            start += count;
        }
    }

    private static void AreClose(double[] expected, IReadOnlyList<double> actual, string where)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.True(expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * (1 + Math.Abs(pair.First))), where);
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private sealed class Told(Action<TrainingStep> act) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => act(value);
    }
}
