using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Json;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Trainings as data: what is written is read back, and trains to the same bits.</summary>
public sealed class TrainingPlanTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plan").FullName;

    private static TrainingOptions Rich => new()
    {
        Epochs = 3,
        MaxSteps = 11,
        BatchSize = 5,
        Accumulate = 2,
        Optimiser = Optimiser.AdamW(0.02).With("intervention_boundaries", 0.1, 0) with { Betas = (0.8, 0.99), Epsilon = 1e-7 },
        Schedule = RateSchedule.Cosine(1.5, 40),
        ClipNorm = 0.5,
        Temperatures = TemperatureSchedule.Linear(50, 0.1),
        Regularisers = [Regulariser.Boundary(0.3), new(RegulariserKind.L1, "temperature", 1e-3)],
        Seed = -7,
        EvaluateEvery = 2,
        Patience = 9,
        TellGradients = true,
        Checkpoint = "kept.safetensors",
        CheckpointEvery = 3,
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PlanThatIsReadBackIsTheSameTextAndTrainsToTheSameBits(bool asFolder)
    {
        using var scope = NewDisposeScope();
        using var model = Mlp.Create(layers: 2, dModel: 8, labels: 2, className: "MLPForClassification", seed: 1);
        using var space = new BoundlessRotatedSpace(8);
        var (examples, held) = (Vectors(20, 1), Vectors(10, 2));
        var options = Rich with { Evaluation = held, Checkpoint = null };
        var plan = new TrainingPlan(Mlp.Experiment.Apply(Mlp.Layer(0).BlockOutput, space).ToConfig(), examples, options);
        var text = plan.ToJson();
        var place = Path.Combine(folder, "plan");
        plan.Save(place);
        var read = asFolder ? TrainingPlan.Load(place) : TrainingPlan.FromJson(text);
        Assert.Equal(text, read.ToJson());
        JsonSchemas.Accepts("training", asFolder ? File.ReadAllText(Path.Combine(place, "training.json")) : text);
        Assert.Equal(plan.Experiment, read.Experiment);
        var own = (Learned)read.Experiment.Interventions[0].Intervention;
        Assert.NotSame(space, own.Module);
        Assert.Equal(Train(plan, model), Train(read, model));
        Assert.NotEqual(text, plan.ToJson()); // it learned
        own.Module.Dispose();
    }

    [Fact]
    public void TensorsThatMarkPositionsAreReadBack()
    {
        using var scope = NewDisposeScope();
        var ids = tensor(new long[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var examples = CounterfactualSet.OfTensors(new() { InputIds = ids }, [new() { InputIds = ids }], tensor(new long[] { 0, 1 }), null, null,
        [
            new Dictionary<string, IReadOnlyList<Positions>> { ["name"] = [Positions.Of(0), Positions.Of(^1)] },
            new Dictionary<string, IReadOnlyList<Positions>>(),
        ]);
        var text = new TrainingPlan(Gpt2.Experiment.Interchange(Gpt2.Layer(1).BlockOutput.At(0)).ToConfig(), examples, new TrainingOptions()).ToJson();
        JsonSchemas.Accepts("training", text);
        var read = TrainingPlan.FromJson(text);
        Assert.Equal(text, read.ToJson());
        Assert.Equal([Positions.Of(0), Positions.Of(^1)], read.Examples.Tensors!.Marks[0]["name"]);
        Assert.Empty(read.Examples.Tensors.Marks[1]);
    }

    [Fact]
    public void ExamplesInTextAreReadBackWithTheirPlacesAndSources()
    {
        var examples = CounterfactualSet.Of(
            new Counterfactual(Prompt.Of("Mary smiled because").Mark("name", "Mary"), Prompt.OfTokens([[7, 8, 9]]).Mark("name", 0), " he")
            {
                BaseLabel = " she",
            },
            new Counterfactual(Prompt.Of("\"Tom\"\nleft").Mark("name", Positions.Of(^1)), Source.Skip, " she") { BaseLabel = " he" });
        var plan = new TrainingPlan(
            Gpt2.Experiment.Interchange(Gpt2.Layer(1).BlockOutput.At(Positions.Marked("name"))).ToConfig(),
            examples,
            new TrainingOptions { TrainsModel = true, TaskWeight = 0.5, Seed = null, Evaluation = examples, Optimiser = Optimiser.Sgd(0.1, 0.9) });
        var text = plan.ToJson();
        var read = TrainingPlan.FromJson(text);
        Assert.Equal(text, read.ToJson());
        JsonSchemas.Accepts("training", text);
        Assert.Same(read.Examples, read.Options.Evaluation);
        Assert.Equal([7, 8, 9], read.Examples.Examples[0].Sources[0].Prompt!.TokenIds[0].ToArray());
        Assert.Null(read.Examples.Examples[1].Sources[0].Prompt);
        Assert.Equal(" she", read.Examples.Examples[0].BaseLabel);
        Assert.Equal(plan.Options with { Evaluation = null }, read.Options with { Evaluation = null });
    }

    [Fact]
    public void SettingsOfEveryKindAreReadBack()
    {
        var optimisers = Gen.Select(
            Gen.OneOf(Gen.Const(Optimiser.Adam()), Gen.Const(Optimiser.AdamW()), Gen.Const(Optimiser.Sgd(0.1))),
            Gen.Double[0, 1],
            Gen.Double[0, 1],
            (kind, rate, other) =>
                (kind with { LearningRate = rate, WeightDecay = other, Betas = (rate, other), Momentum = other, Epsilon = rate }).With("a.b", other)
                    .With("mask", rate, other));
        var schedules = Gen.Select(
            Gen.Double[0, 1e6], Gen.Int[1, 100].Nullable(), Gen.Int[0, 2], (warmup, total, kind) =>
                kind == 0 ? RateSchedule.Constant : kind == 1 ? RateSchedule.Linear(warmup, total) : RateSchedule.Cosine(warmup, total));
        var temperatures = Gen.Select(
            Gen.Double[1e-9, 1e9].Array[1, 4], Gen.Bool, (points, isLinear) => isLinear
                ? TemperatureSchedule.Linear(points[0], points[^1])
                : TemperatureSchedule.Of(points));
        Gen.Select(optimisers, schedules, temperatures, Gen.Long.Nullable()).Holds(item =>
        {
            var (optimiser, schedule, temperature, seed) = item;
            var options = new TrainingOptions { Optimiser = optimiser, Schedule = schedule, Temperatures = temperature, Seed = seed, ClipNorm = 1 / 3.0 };
            var plan = new TrainingPlan(Swap(), Numbers(), options);
            var read = TrainingPlan.FromJson(plan.ToJson());
            Assert.Equal(options, read.Options);
            Assert.Equal(plan.ToJson(), read.ToJson());
            JsonSchemas.Accepts("training", plan.ToJson());
        });
    }

    [Fact]
    public void FunctionsOfOnesOwnAreRefusedByName()
    {
        Refused("loss is a function of your own", new TrainingPlan(Swap(), Numbers(), new TrainingOptions { Loss = (logits, _) => logits.sum() }));
        var own = Gpt2.Experiment.Apply(Gpt2.Layer(0).BlockOutput, (@base, source) => @base + source).ToConfig();
        Refused("'custom' is a function", new TrainingPlan(own, Numbers()));

        static void Refused(string words, TrainingPlan plan) =>
            Assert.Contains(words, Assert.Throws<InterventionException>(() => plan.ToJson()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 1,\n  \"experiment\"", "\"version\": 2,\n  \"experiment\"", "has version 2, but this library reads version 1")]
    [InlineData("\"epochs\": 1", "\"epoch\": 1", "'options.epoch' is an unknown field. Did you mean 'epochs'?")]
    [InlineData("\"epochs\": 1", "\"epochs\": 1, \"epochs\": 2", "epochs")]
    [InlineData("\"epochs\": 1", "\"epochs\": 0", "'options'")]
    [InlineData("\"kind\": \"adam\"", "\"kind\": \"adamax\"", "'options.optimiser.kind' must be one of \"adam\", \"adamw\", \"sgd\"")]
    [InlineData("\"kind\": \"constant\"", "\"kind\": \"step\"", "'options.schedule.kind' must be one of")]
    [InlineData("\"learning_rate\": 0.001", "\"learning_rate\": -1", "LearningRate is -1")]
    [InlineData("\"label\": \" he\"", "\"label\": 5", "'examples[0].label' must be a text")]
    [InlineData("\"label\": \" he\"", "\"answer\": \" he\"", "'examples[0].answer' is an unknown field")]
    [InlineData("\"sources\": 1,", "\"sources\": 2,", "takes 2 sources, but the examples have 1")]
    [InlineData("\"seed\": 0", "\"seed\": 0.5", "'options.seed' must be a whole number")]
    public void TextThatIsNoPlanIsRefusedWithItsPath(string from, string to, string words)
    {
        var text = new TrainingPlan(Swap(), Numbers()).ToJson();
        Assert.Contains(from, text, StringComparison.Ordinal);
        var error = Assert.Throws<InterventionException>(() => TrainingPlan.FromJson(text.Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 1,\n  \"experiment\"", "\"version\": 2,\n  \"experiment\"")]
    [InlineData("\"epochs\": 1", "\"epoch\": 1")]
    [InlineData("\"kind\": \"adam\"", "\"kind\": \"adamax\"")]
    [InlineData("\"label\": \" he\"", "\"label\": 5")]
    [InlineData("\"seed\": 0", "\"seed\": 0.5")]
    public void TheSchemaRefusesWhatIsNoPlan(string from, string to) =>
        JsonSchemas.Refuses("training", new TrainingPlan(Swap(), Numbers()).ToJson().Replace(from, to, StringComparison.Ordinal));

    [Fact]
    public void TensorsThatDoNotFitAreRefusedAndNothingIsLeft()
    {
        using var scope = NewDisposeScope();
        using var space = new LowRankRotatedSpace(8, 1);
        var plan = new TrainingPlan(Mlp.Experiment.Apply(Mlp.Layer(0).BlockOutput, space).ToConfig(), Vectors(2, 1));
        var text = plan.ToJson();
        Refused("\"shape\": [\n          2,", "\"shape\": [\n          3,", "must have a number for each of [3");
        Refused("\"dtype\": \"I64\"", "\"dtype\": \"F32\"", "The labels must be Int64");
        Refused("\"states\": {\n    \"0\"", "\"states\": {\n    \"1\"", "'states.1' is an unknown field");
        var infinite = new TrainingPlan(plan.Experiment, Vectors(2, 1, isFinite: false));
        Assert.Contains("not finite", Assert.Throws<InterventionException>(infinite.ToJson).Message, StringComparison.Ordinal);

        void Refused(string from, string to, string words)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            Assert.Contains(
                words,
                Assert.Throws<InterventionException>(() => TrainingPlan.FromJson(text.Replace(from, to, StringComparison.Ordinal))).Message,
                StringComparison.Ordinal);
        }
    }

    private static InterventionConfig Swap() => Gpt2.Experiment.Interchange(Gpt2.Layer(1).BlockOutput.At(^1)).ToConfig();

    private static CounterfactualSet Numbers() => CounterfactualSet.Of(new Counterfactual("Mary", "John", " he"));

    private static CounterfactualSet Vectors(int count, ulong seed, bool isFinite = true)
    {
        using var generator = new Generator(seed, CPU);
        var values = randn([count, 2, 1, 8], generator: generator);
        if (!isFinite) values[0, 0, 0, 0] = tensor(float.PositiveInfinity);
        return CounterfactualSet.OfTensors(
            new ModelInputs { InputsEmbeds = values.select(1, 0) },
            [new ModelInputs { InputsEmbeds = values.select(1, 1) }],
            randint(0, 2, [count], dtype: int64, generator: generator));
    }

    private static byte[] Train(TrainingPlan plan, PretrainedModel model)
    {
        using var bound = Typed.Engine.InterventionPlan.Bind(model, plan.Experiment);
        bound.Train(plan.Examples, plan.Options);
        using var scope = NewDisposeScope();
        return [.. ((IStatefulIntervention)plan.Experiment.Interventions[0].Intervention).CopyState().OrderBy(part => part.Key, StringComparer.Ordinal)
            .SelectMany(part => part.Value.contiguous().bytes.ToArray())];
    }
}
