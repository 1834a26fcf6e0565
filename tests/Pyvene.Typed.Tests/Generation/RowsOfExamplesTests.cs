using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>What is given for every example by itself holds for all rows that the example has in a generation.</summary>
public sealed class RowsOfExamplesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _model = TinyGpt2.Create();
    private readonly Tensor _prompts = TinyGpt2.Prompt([3, 9, 4, 17, 5], [8, 2, 11, 6, 20]).InputIds!;

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void HeadsFeaturesAndConstantsOfEveryExampleAreThoseOfItsBeams(int beams)
    {
        var options = new GenerationOptions { MaxNewTokens = 6, NumBeams = beams, NumReturnSequences = beams };
        using var together = Generate([0, 1], options);
        foreach (var example in new[] { 0, 1 })
        {
            using var alone = Generate([example], options);
            Assert.Equal(
                alone.Output.Sequences.data<long>().ToArray(), together.Output.Sequences.narrow(0, example * beams, beams).contiguous().data<long>().ToArray());
        }

        Assert.NotEqual(
            TextGeneration.Generate(_model, new ModelInputs { InputIds = _prompts }, options).Sequences.data<long>().ToArray(),
            together.Output.Sequences.data<long>().ToArray());
    }

    [Fact]
    public void OneVectorServesEveryPlaceWhateverItsAxes()
    {
        var texts = new long[][] { [16], [1, 1, 16] }.Select(shape =>
        {
            var spec = new InterventionSpec
            {
                Intervention = new Addition(),
                Site = new SiteSpec { Component = "mlp_output", Layer = 1, During = Steps.Prompt.And(Steps.Each) },
                Constant = new ConstantSource([.. shape], [.. Enumerable.Range(0, 16).Select(index => (index % 5) - 2f)]),
            };
            using var plan = InterventionPlan.Bind(_model, new InterventionConfig { Architecture = "gpt2", Interventions = [spec] });
            using var run = plan.Generate(new ModelInputs { InputIds = _prompts }, generation: new GenerationOptions { MaxNewTokens = 4, NumBeams = 2 });
            return run.Output.Sequences.data<long>().ToArray();
        });
        Assert.Single(texts.DistinctBy(tokens => string.Join(' ', tokens)));
    }

    [Fact]
    public void OtherNumbersOfExamplesAreRefusedBeforeATokenIsMade()
    {
        using var plan = InterventionPlan.Bind(_model, Config([0, 1]));
        var error = Assert.Throws<InterventionException>(() => plan.Generate(new ModelInputs { InputIds = _prompts[..1] }));
        Assert.Contains("given for 2 examples, but the base has 1", error.Message, StringComparison.Ordinal);
    }

    private InterventionGeneration Generate(int[] examples, GenerationOptions options)
    {
        using var plan = InterventionPlan.Bind(_model, Config(examples));
        return plan.Generate(
            new ModelInputs { InputIds = _prompts.index_select(0, tensor(examples.Select(example => (long)example).ToArray())) }, generation: options);
    }

    private static InterventionConfig Config(int[] examples)
    {
        int[][] heads = [[1], [0]], features = [[3], [0, 5, 7]];
        float[][] constants = [[.. Enumerable.Range(0, 16).Select(index => (index % 5) - 2f)], [.. Enumerable.Range(0, 16).Select(index => (index % 3) - 1f)]];
        return new InterventionConfig
        {
            Architecture = "gpt2",
            Interventions =
            [
                new() { Intervention = new Zero(), Site = new SiteSpec
                {
                    Component = "head_value_output",
                    Layer = 0,
                    Heads = Heads.PerExample([.. examples.Select(example => heads[example])]),
                    During = Steps.Prompt.And(Steps.Each),
                } },
                new() { Intervention = new Zero(), Site = new SiteSpec
                {
                    Component = "block_output",
                    Layer = 0,
                    Features = Features.PerExample([.. examples.Select(example => features[example])]),
                    During = Steps.Each,
                } },
                new()
                {
                    Intervention = new Addition(),
                    Site = new SiteSpec { Component = "mlp_output", Layer = 1, At = Positions.Of(^1), During = Steps.Prompt.And(Steps.Each) },
                    Constant = new ConstantSource([examples.Length, 1, 16], [.. examples.SelectMany(example => constants[example])]),
                },
            ],
        };
    }
}
