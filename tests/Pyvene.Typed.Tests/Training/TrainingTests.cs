using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Trainings of interventions inside of the primer: what they learn, what they leave alone, and what they refuse.</summary>
public sealed class TrainingTests : IDisposable
{
    private static readonly string[] Women = ["Mary", "Anna", "Emma", "Julia", "Laura", "Sarah"];
    private static readonly string[] Men = ["John", "Paul", "Peter", "Tom", "David", "Mark"];

    private readonly string folder = Directory.CreateTempSubdirectory("training").FullName;

    private static CounterfactualSet Pronouns { get; } = CounterfactualSet.Of(Women.SelectMany(woman => Men.SelectMany(man => new[]
    {
        new Counterfactual($"{woman} smiled because", $"{man} smiled because", " he") { BaseLabel = " she" },
        new Counterfactual($"{man} smiled because", $"{woman} smiled because", " she") { BaseLabel = " he" },
    })));

    private static TrainingOptions Quick => new() { Epochs = 2, BatchSize = 24, Optimiser = Optimiser.Adam(0.05) };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void DirectionThatCarriesTheGenderIsFound()
    {
        using var space = Space();
        using var plan = Primer.Model.Bind(At(space));
        var before = plan.Evaluate(Pronouns);
        var result = plan.Train(Pronouns, Quick with { Epochs = 8, Evaluation = Pronouns });
        Assert.InRange(before.Accuracy, 0, 0.8);
        Assert.InRange(result.Evaluation!.Accuracy, 0.95, 1);
        Assert.InRange(result.Steps[^1].Loss, 0, before.Loss / 2);
        Assert.Equal(result.Evaluation.Accuracy, plan.Evaluate(Pronouns).Accuracy);
        using var rotation = space.ComputeRotation();
        Assert.InRange(Math.Abs(rotation.norm().item<float>() - 1), 0, 1e-5);
    }

    [Fact]
    public void SameSeedGivesTheSameBits()
    {
        using var first = Trained(Quick);
        using var second = Trained(Quick);
        Assert.Equal(Bits(first), Bits(second));
        using var other = Trained(Quick with { Seed = 1 });
        Assert.NotEqual(Bits(first), Bits(other));
    }

    [Fact]
    public void TrainingThatWasStoppedEndsWithTheBitsOfOneThatWasNot()
    {
        var kept = Quick with { Checkpoint = Path.Combine(folder, "training.safetensors"), CheckpointEvery = 1, Schedule = RateSchedule.Linear(1) };
        using var whole = Trained(Quick with { Schedule = RateSchedule.Linear(1) });
        using (var stopped = Space())
        {
            using var plan = Primer.Model.Bind(At(stopped));
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() =>
                plan.Train(Pronouns, kept, new Told(step => { if (step.Step == 2) stop.Cancel(); }), stop.Token));
        }

        using var resumed = new LowRankRotatedSpace(128, 1); // another start, which the checkpoint replaces
        using var again = Primer.Model.Bind(At(resumed));
        var result = again.Train(Pronouns, kept);
        Assert.Equal(Bits(whole), Bits(resumed));
        Assert.Equal(Enumerable.Range(1, result.Steps.Count).Select(step => (long)step), result.Steps.Select(step => step.Step));
    }

    [Fact]
    public void CheckpointOfAnotherTrainingIsRefused()
    {
        var kept = Quick with { Checkpoint = Path.Combine(folder, "training.safetensors") };
        using var space = Trained(kept);
        using var plan = Primer.Model.Bind(At(space));
        Assert.Contains(
            "another training", Assert.Throws<CheckpointException>(() => plan.Train(Pronouns, kept with { BatchSize = 12 })).Message, StringComparison.Ordinal);
        File.WriteAllText(kept.Checkpoint, "no tensors");
        Assert.Throws<CheckpointException>(() => plan.Train(Pronouns, kept));
    }

    [Fact]
    public void CheckpointOfAnotherModelIsRefused()
    {
        var kept = Quick with { Checkpoint = Path.Combine(folder, "training.safetensors") };
        using var space = Trained(kept);
        using var other = Gpt2.Load(Primer.Folder);
        using (no_grad()) other.Module.parameters().Last().add_(0.25f);
        using var plan = other.Bind(At(space));
        Assert.Contains("another training", Assert.Throws<CheckpointException>(() => plan.Train(Pronouns, kept)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelIsLeftAsItWas()
    {
        var flags = Primer.Module.parameters().Select(parameter => parameter.requires_grad).ToArray();
        using var before = Primer.Module.parameters().First().clone();
        using var space = Trained(Quick);
        Assert.Equal(flags, Primer.Module.parameters().Select(parameter => parameter.requires_grad));
        Assert.All(Primer.Module.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(before, Primer.Module.parameters().First());
    }

    [Fact]
    public void WeightsOfTheModelLearnWhereTheyAreToldTo()
    {
        using var model = Gpt2.Load(Primer.Folder);
        using var plan = model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(0).BlockOutput.At(^1)));
        var options = Quick with { TrainsModel = true, TrainsInterventions = false, TaskWeight = 1, Optimiser = Optimiser.AdamW(1e-3), ClipNorm = 1 };
        var before = plan.Evaluate(Pronouns);
        var result = plan.Train(Pronouns, options);
        Assert.True(plan.Evaluate(Pronouns).Loss < before.Loss);
        Assert.True(result.Steps[^1].Loss < result.Steps[0].Loss);
        Assert.All(model.Module.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Fact]
    public void TwoHalvesThatAreAccumulatedAreOneBatch()
    {
        using var halves = Trained(Quick with { Seed = null, BatchSize = 12, Accumulate = 2, Epochs = 1 });
        using var whole = Trained(Quick with { Seed = null, BatchSize = 24, Epochs = 1 });
        Assert.All(Numbers(halves).Zip(Numbers(whole)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void BestOfTheEvaluationsIsKept()
    {
        using var space = Space();
        using var plan = Primer.Model.Bind(At(space));
        var result = plan.Train(Pronouns, Quick with { Epochs = 30, Evaluation = Pronouns, Patience = 2, Optimiser = Optimiser.Adam(0.2) });
        var evaluations = result.Steps.Where(step => step.Evaluation is not null).Select(step => step.Evaluation!.Accuracy).ToArray();
        Assert.True(result.EndedEarly);
        Assert.Equal(evaluations.Max(), result.Evaluation!.Accuracy);
        Assert.True(evaluations[^2..].All(accuracy => accuracy <= evaluations[..^2].Max()));
    }

    [Fact]
    public void TwoPartsOfOneRotationLearnTogetherAtAllPositions()
    {
        using var scope = NewDisposeScope();
        using var model = Mlp.Create(layers: 2, dModel: 8, labels: 2, className: "MLPForClassification", seed: 1);
        using var rotation = new RotatedSpace(8);
        using var plan = Mlp.Experiment.Apply(Mlp.Layer(0).BlockOutput.Features(..4), rotation)
            .Apply(Mlp.Layer(0).BlockOutput.Features(4..8).From(Source.Second), rotation).Bind(model);
        using var generator = new Generator(5, CPU);
        var (values, labels) = (randn([60, 3, 1, 8], generator: generator), randint(0, 2, [60], dtype: int64, generator: generator));
        var given = randint(0, 3, [60], dtype: int64, generator: generator);
        var set = CounterfactualSet.OfTensors(
            Vectors(values, 0),
            [Vectors(values, 1), Vectors(values, 2)],
            labels,
            stack([given.ne(1), given.ne(0)], 1));
        var before = plan.Evaluate(set);
        plan.Train(set, new TrainingOptions { Epochs = 10, BatchSize = 20, Optimiser = Optimiser.Adam(0.02) });
        Assert.True(plan.Evaluate(set).Loss < before.Loss);

        static ModelInputs Vectors(Tensor values, int index) => new() { InputsEmbeds = values.select(1, index) };
    }

    [Fact]
    public void PlacesMayDifferFromExampleToExample()
    {
        var set = CounterfactualSet.Of(Women.Zip(Men, (woman, man) => new Counterfactual(
            Prompt.Of($"{woman} smiled because").Mark("name", woman), Prompt.Of($"{man} smiled because").Mark("name", man), " he")));
        using var plan = Primer.Model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(0).BlockOutput.At(Positions.Marked("name"))));
        var together = plan.Evaluate(set, batchSize: 6);
        for (var index = 0; index < Women.Length; index++)
        {
            using var run = Primer.Model.Run(
                Gpt2.Experiment.Interchange(Gpt2.Layer(0).BlockOutput.At(Positions.OfText(Women[index])).ReadAt(Positions.OfText(Men[index]))),
                $"{Women[index]} smiled because", $"{Men[index]} smiled because");
            Assert.Equal((int)run.LogitsAt(0, ^1).argmax().item<long>(), together.Outputs[index]);
        }
    }

    [Fact]
    public void WhatCannotBeTrainedIsRefusedByName()
    {
        using var space = Space();
        using var plan = Primer.Model.Bind(At(space));
        using var swap = Primer.Model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(2).BlockOutput.At(^1)));
        Refused("Nothing learns", () => swap.Train(Pronouns, Quick));
        Refused("No parameter's name ends with 'rotaton'", () => plan.Train(Pronouns, Quick with { Optimiser = Optimiser.Adam().With("rotaton", 1) }));
        Refused("no intervention of the experiment has one", () => plan.Train(Pronouns, Quick with { Temperatures = TemperatureSchedule.Linear(50, 0.1) }));
        Refused("\" hee\" is not one token", () => plan.Train(CounterfactualSet.Of(new Counterfactual("Mary", "John", " hee")), Quick));
        Refused("takes 1 sources, but the examples have 2", () => plan.Train(CounterfactualSet.Of(new Counterfactual("Mary", ["John", "Tom"], " he")), Quick));
        Refused("The loss of step 1 is NaN", () => plan.Train(Pronouns, Quick with { Loss = (logits, _) => (logits * float.NaN).sum() }));
        Refused("depends on nothing that learns", () => plan.Train(Pronouns, Quick with { Loss = (logits, _) => logits.detach().sum() }));
        using (no_grad()) Refused("Gradients are switched off around the training, by no_grad", () => plan.Train(Pronouns, Quick));
        Refused("returned Float32 [24, ", () => plan.Train(Pronouns, Quick with { Loss = (logits, _) => logits }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperatureSchedule.Linear(50, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Train(Pronouns, Quick with { Epochs = 0 }));
        Assert.Throws<ArgumentException>(() => plan.Train(Pronouns, Quick with { Patience = 2 }));

        static void Refused(string words, Action train) =>
            Assert.Contains(words, Assert.Throws<InterventionException>(train).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsOutOfRangeAreRefusedBeforeAnythingIsLearned()
    {
        using var space = Space();
        using var plan = Primer.Model.Bind(At(space));
        using var scope = NewDisposeScope();
        var set = CounterfactualSet.OfTensors(Primer.Inputs(2, 4, 1), [Primer.Inputs(2, 4, 2)], tensor(new[] { 3L, 99_999L }));
        Assert.Contains("99999 is none of the", Assert.Throws<InterventionException>(() => plan.Train(set, Quick)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CounterfactualSet.OfTensors(Primer.Inputs(2, 4, 1), [Primer.Inputs(3, 4, 2)], tensor(new[] { 3L, 4L })));
    }

    [Fact]
    public void LogIsWrittenAsText()
    {
        using var space = Space();
        using var plan = Primer.Model.Bind(At(space));
        var result = plan.Train(Pronouns, Quick with { Evaluation = Pronouns });
        var (csv, lines) = (Path.Combine(folder, "log.csv"), Path.Combine(folder, "log.jsonl"));
        result.SaveLog(csv);
        result.SaveLog(lines);
        Assert.Equal(result.Steps.Count + 1, File.ReadAllLines(csv).Length);
        Assert.StartsWith("{\"step\":1,\"epoch\":1,\"loss\":", File.ReadAllLines(lines)[0], StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => result.SaveLog(Path.Combine(folder, "log.txt")));
    }

    private static LowRankRotatedSpace Space()
    {
        var space = new LowRankRotatedSpace(128, 1);
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        space.AssignRotation(linalg.qr(randn([128, 1], generator: generator)).Q);
        return space;
    }

    private static Experiment<Gpt2, OneSource> At(LowRankRotatedSpace space) => Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.At(^1), space);

    private static LowRankRotatedSpace Trained(TrainingOptions options)
    {
        var space = Space();
        using var plan = Primer.Model.Bind(At(space));
        plan.Train(Pronouns, options);
        return space;
    }

    private static float[] Numbers(LowRankRotatedSpace space)
    {
        using var rotation = space.ComputeRotation();
        return rotation.data<float>().ToArray();
    }

    private static int[] Bits(LowRankRotatedSpace space) => [.. Numbers(space).Select(BitConverter.SingleToInt32Bits)];

    private sealed class Told(Action<TrainingStep> act) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => act(value);
    }
}
