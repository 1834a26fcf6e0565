using System.Globalization;
using System.Runtime.InteropServices;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Gradients through interventions, compared with differences of whole runs in float64, which no graph takes part in.</summary>
public sealed class GradientTests : IDisposable
{
    private const double Step = 1e-5;
    private const int Length = 5;

    private static readonly SiteSpec Place = new() { Component = "mlp_output", Layer = 2, At = Positions.Of(1, 3) };

    private readonly LanguageModel<Gpt2> model = Gpt2.Load(Primer.Folder, dtype: ScalarType.Float64);
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(5, CPU);

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
        model.Dispose();
    }

    [Theory]
    [Trait("Failure", "SF22 by a law: gradients are null")]
    [InlineData("block_output")]
    [InlineData("mlp_activation")]
    [InlineData("attention_value_output")]
    [InlineData("query_output")]
    public void GradientOfWhatIsCollectedIsThatOfTheValueAtItsPlace(string component)
    {
        var (site, embeddings) = (Place with { Component = component }, Embeddings());
        using var run = Run(Config(0, (new Collect(), site)), embeddings, [], gradients: true);
        var gradient = run.Gradient(Score(run), "0");

        var direction = randn(gradient.shape, float64, generator: generator); // [row, position, feature]
        AssertSlope((gradient * direction).sum(), step => Score(Run(Config(0, (new Addition(), site, direction * step)), embeddings, [])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ScoreOfTheCleanRunHasNoGradientAndSaysSo(bool sharesWork)
    {
        var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(3).BlockOutput.At(^1), out var residual);
        using var run = model.Run(experiment, "The capital of Spain is", new RunOptions { Gradients = true, WithClean = true, SharesWork = sharesWork });
        var error = Assert.Throws<InvalidOperationException>(() => run.Gradient(run.CleanLogits![0, -1, 42], residual));
        Assert.Contains(sharesWork ? "computed from the clean run" : "not CleanLogits", error.Message, StringComparison.Ordinal);

        using var gradient = run.Gradient(run.Logits[0, -1, 42] - run.CleanLogits![0, -1, 42], residual);
        using var expected = run.Gradient(run.Logits[0, -1, 42], residual);
        Assert.Equal(0, Primer.Difference(expected, gradient));
        Assert.True(gradient.abs().max().item<double>() > 0);
    }

    [Fact]
    public void ConstantThatCopiesATensorThatLearnsIsRefusedWhereGradientsAreRecorded()
    {
        using var direction = ones(128, requires_grad: true);
        var learns = Gpt2.Experiment.Add(Gpt2.Layer(3).BlockOutput.At(^1), direction);
        var error = Assert.Throws<InterventionException>(() => model.Run(learns, "The capital of Spain is", new RunOptions { Gradients = true }).Dispose());
        Assert.Contains("its constant is a copy of a tensor that learns", error.Message, StringComparison.Ordinal);
        model.Run(learns, "The capital of Spain is").Dispose();
        model.Run(Gpt2.Experiment.Add(Gpt2.Layer(3).BlockOutput.At(^1), direction.detach()), "The capital of Spain is", new RunOptions { Gradients = true })
            .Dispose();
    }

    public static TheoryData<string> Types =>
        ["interchange", "addition", "subtraction", "rotated_space", "low_rank_rotated_space", "boundless_rotated_space", "sigmoid_mask", "autoencoder"];

    [Theory]
    [MemberData(nameof(Types))]
    public void GradientReachesTheBaseAndTheSource(string type)
    {
        var intervention = Create(type);
        var config = Config(1, (intervention, Place));
        Tensor[] embeddings = [Embeddings(), Embeddings()];
        foreach (var learned in embeddings) learned.requires_grad_();
        using var run = Run(config, embeddings[0], [embeddings[1]], gradients: true);
        var gradients = autograd.grad([Score(run)], embeddings);

        foreach (var (gradient, index) in gradients.Select((gradient, index) => (gradient, index)))
        {
            var direction = randn(gradient!.shape, float64, generator: generator);
            AssertSlope((gradient * direction).sum(), step =>
            {
                var moved = embeddings.Select((other, place) => place == index ? other.detach() + (direction * step) : other.detach()).ToArray();
                return Score(Run(config, moved[0], [moved[1]]));
            });
        }

        (intervention as Learned)?.Module.Dispose();
    }

    [Fact]
    public void WeightsOfTheModelLearnThroughAnExchange()
    {
        var config = Config(1, (new Interchange(), Place));
        var (@base, source) = (Primer.Inputs(2, Length, 1), Primer.Inputs(2, Length, 2));
        var weights = model.Module.named_parameters()
            .Where(item => item.name.Contains("h.1.mlp") || item.name.Contains("h.4.attn"))
            .Select(item => item.parameter)
            .ToArray();
        foreach (var weight in weights) weight.requires_grad = true;
        using var plan = InterventionPlan.Bind(model.Module, config);
        using var run = plan.Run(@base, [source], new RunOptions { Gradients = true });
        Score(run).backward();

        var directions = weights.Select(weight => randn(weight.shape, float64, generator: generator)).ToArray();
        var slope = weights.Zip(directions, (weight, direction) => (weight.grad! * direction).sum()).Aggregate((sum, one) => sum + one);
        AssertSlope(slope, step =>
        {
            using var untracked = no_grad();
            Move(step);
            using var moved = plan.Run(@base, [source]);
            Move(-step);
            return Score(moved);
        });

        void Move(double step)
        {
            foreach (var (weight, direction) in weights.Zip(directions)) weight.add_(direction * step);
        }
    }

    [Fact]
    [Trait("Failure", "SF23 by a law: a second backward pass fails, or counts twice")]
    public void EveryCallGivesItsOwnGradient()
    {
        var embeddings = Embeddings().requires_grad_();
        using var run = Run(Config(0, (new Collect(), Place)), embeddings, [], gradients: true);
        var score = Score(run);
        var (first, second) = (run.Gradient(score, "0"), run.Gradient(score, "0"));
        Assert.Equal(0, Primer.Difference(first, second));
        Assert.True(allclose(first * 3, run.Gradient(score * 3, "0")));
        Assert.Null(embeddings.grad);
        score.backward();
        Assert.Throws<ExternalException>(() => run.Gradient(score, "0")); // the user's own pass has freed the graph
    }

    [Fact]
    public void WhatHasNoGradientIsSaid()
    {
        using var quiet = Run(Config(0, (new Collect(), Place)), Embeddings().requires_grad_(), []);
        Assert.False(quiet.Logits.requires_grad);
        Assert.Contains(
            "Gradients = true", Assert.Throws<InvalidOperationException>(() => quiet.Gradient(Score(quiet), "0")).Message, StringComparison.Ordinal);

        using var run = Run(Config(0, (new Collect(), Place), (new Collect(), Place with { Layer = 4 })), Embeddings(), [], gradients: true);
        Assert.Contains("shape [2, 5, ", Assert.Throws<ArgumentException>(() => run.Gradient(run.Logits, "0")).Message, StringComparison.Ordinal);
        Assert.Contains("no_grad", Assert.Throws<InvalidOperationException>(() => run.Gradient(Score(run).detach(), "0")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "mlp_output of layer 4",
            Assert.Throws<InvalidOperationException>(() => run.Gradients(run["0"].sum(), ["0", "1"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("'2'", Assert.Throws<InterventionException>(() => run.Gradient(Score(run), "2")).Message, StringComparison.Ordinal);
    }

    private InterventionRun Run(InterventionConfig config, Tensor @base, Tensor[] sources, bool gradients = false)
    {
        using var plan = InterventionPlan.Bind(model.Module, config);
        return plan.Run(
            new ModelInputs { InputsEmbeds = @base },
            [.. sources.Select(source => new ModelInputs { InputsEmbeds = source })],
            new RunOptions { Gradients = gradients });
    }

    private static Intervention Create(string type)
    {
        const int width = 128;
        return type switch
        {
            "interchange" => new Interchange(),
            "addition" => new Addition(),
            "subtraction" => new Subtraction(),
            "rotated_space" => Exact(new RotatedSpace(width) { IsPerUnit = true, Dimensions = [0, 1, 2] }),
            "low_rank_rotated_space" => Exact(new LowRankRotatedSpace(width, 4) { IsPerUnit = true }),
            "boundless_rotated_space" => Exact(new BoundlessRotatedSpace(width) { IsPerUnit = true }),
            "sigmoid_mask" => Exact(new SigmoidMask(width) { IsPerUnit = true }),
            _ => Exact(new Autoencoder(width, 16) { IsPerUnit = true }),
        };

        static Learned Exact(InterventionModule module) => new((InterventionModule)module.to(ScalarType.Float64));
    }

    private static Tensor Score(InterventionRun run) => run.Logits[.., ^1, ..].log_softmax(-1)[.., 7].sum();

    private Tensor Embeddings() => randn([2, Length, 128], float64, generator: generator) * 0.3; // [row, position, dModel]

    // The central difference has an error of the second order in the step.
    private static void AssertSlope(Tensor expected, Func<double, Tensor> at)
    {
        var slope = ((at(Step) - at(-Step)) / (2 * Step)).item<double>();
        Assert.True(Math.Abs(slope) > 1e-6, $"The slope is {slope}.");
        Assert.Equal(slope, expected.item<double>(), 1e-5 * Math.Max(1, Math.Abs(slope)));
    }

    private static InterventionConfig Config(int sources, params (Intervention Intervention, SiteSpec Site)[] interventions) =>
        Config(sources, interventions.Select(item => (item.Intervention, item.Site, (Tensor?)null)));

    private static InterventionConfig Config(int sources, (Intervention Intervention, SiteSpec Site, Tensor Constant) item) =>
        Config(sources, [(item.Intervention, item.Site, (Tensor?)item.Constant)]);

    private static InterventionConfig Config(int sources, IEnumerable<(Intervention Intervention, SiteSpec Site, Tensor? Constant)> interventions) => new()
    {
        Architecture = "gpt2",
        Sources = sources,
        Interventions = [.. interventions.Select((item, index) => new InterventionSpec
        {
            Name = index.ToString(CultureInfo.InvariantCulture),
            Intervention = item.Intervention,
            Site = item.Site,
            Constant = item.Constant is null ? null : ConstantSource.Of(item.Constant),
        })],
    };
}
