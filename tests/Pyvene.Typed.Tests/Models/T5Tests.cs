using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public class T5Tests
{
    private const string Tiny =
        """
        {
          "model_type": "t5", "vocab_size": 29, "d_model": 16, "d_kv": 4, "d_ff": 24, "num_layers": 2, "num_decoder_layers": 3, "num_heads": 4,
          "relative_attention_num_buckets": 8, "relative_attention_max_distance": 20, "decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 1
        }
        """;

    [Fact]
    public void PositionsOfTheEncoderAndOfTheDecoderAreCountedApart()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var inputs = Inputs([[3, 4, 5, 6, 7]], [[0, 8, 9]]);
        using var plan = Bind(model, Collect("encoder.block_output", 1, ^1), Collect("decoder.block_output", 1, ^1), Collect("decoder.cross_key_output", 0, 4));
        using var run = plan.Run(inputs);
        using var whole = Bind(model, Collect("encoder.block_output", 1), Collect("decoder.block_output", 1), Collect("decoder.cross_key_output", 0));
        using var all = whole.Run(inputs);
        Assert.Equal([1, 5, 16], all.Collected[0].shape);
        Assert.Equal([1, 3, 16], all.Collected[1].shape);
        Assert.Equal([1, 5, 16], all.Collected[2].shape);
        Assert.True(run.Collected[0].equal(all.Collected[0].narrow(1, 4, 1)).all().item<bool>());
        Assert.True(run.Collected[1].equal(all.Collected[1].narrow(1, 2, 1)).all().item<bool>());
        Assert.True(run.Collected[2].equal(all.Collected[2].narrow(1, 4, 1)).all().item<bool>());
    }

    [Fact]
    public void PaddingOfTheEncoderShiftsNoPosition()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var padded = Inputs([[0, 0, 3, 4, 5]], [[0, 8, 9]]) with { AttentionMask = tensor(new long[] { 0, 0, 1, 1, 1 }).unsqueeze(0) };
        using var plan = Bind(model, Collect("encoder.block_output", 1, 0));
        using var run = plan.Run(padded);
        using var alone = plan.Run(Inputs([[3, 4, 5]], [[0, 8, 9]]));
        Assert.True(run.Collected[0].allclose(alone.Collected[0], rtol: 1e-4, atol: 1e-5));
        Assert.True(run.Logits.allclose(alone.Logits, rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void EncoderInputsOfDifferentLengthsInOneBatchAreWhatEachIsAlone()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var together = Inputs([[3, 4, 5, 6], [7, 8, 0, 0]], [[0, 8], [0, 9]]) with { AttentionMask = tensor(new long[,] { { 1, 1, 1, 1 }, { 1, 1, 0, 0 } }) };
        var generation = new GenerationOptions { MaxNewTokens = 5 };
        using var both = TextGeneration.Generate(model, together with { DecoderInputIds = null }, generation);
        using var first = TextGeneration.Generate(model, new ModelInputs { InputIds = tensor(new long[,] { { 3, 4, 5, 6 } }) }, generation);
        using var second = TextGeneration.Generate(model, new ModelInputs { InputIds = tensor(new long[,] { { 7, 8 } }) }, generation);
        Assert.Equal(Tokens(first).Concat(Tokens(second)), Tokens(both));

        static IEnumerable<long> Tokens(GenerationOutput output) => output.Sequences.data<long>().ToArray();
    }

    [Fact]
    public void RunsThatDifferInTheDecoderAloneRunTheEncoderOnce()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var inputs = Inputs([[3, 4, 5, 6, 7]], [[0, 8, 9]]);
        using var plan = Bind(model, new InterventionSpec
        {
            Intervention = new Zero(), Site = new SiteSpec { Component = "decoder.mlp_output", Layer = 2 },
        });
        var explanation = plan.Explain(inputs, null, new RunOptions { WithClean = true }).ToString();
        using var run = plan.Run(inputs, null, new RunOptions { WithClean = true });
        using var naive = plan.Run(inputs, null, new RunOptions { WithClean = true, Sharing = WorkSharing.None });
        Assert.Contains("blocks 5", explanation, StringComparison.Ordinal); // of 2 blocks, the end of the encoder, and 3 blocks
        Assert.True(run.Logits.allclose(naive.Logits, rtol: 1e-5, atol: 1e-6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void InAGenerationTheEncoderIsIntervenedOnOnceAndTheDecoderAtEveryStep(bool useCache)
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var prompt = new ModelInputs { InputIds = tensor(new long[,] { { 3, 4, 5, 6 } }) };
        using var plan = Bind(
            model,
            new InterventionSpec
            {
                Intervention = new Collect(),
                Site = new SiteSpec { Component = "encoder.block_output", Layer = 1, At = Positions.Of(^1), During = Steps.Prompt },
            },
            new InterventionSpec
            {
                Intervention = new Zero(),
                Site = new SiteSpec { Component = "decoder.cross_attention_output", Layer = 0, During = Steps.Prompt.And(Steps.Each) },
            });
        using var generated = plan.Generate(prompt, generation: new GenerationOptions { MaxNewTokens = 4, UseCache = useCache });
        Assert.Equal([1, 1, 16], Assert.Single(generated.Collected[0]).shape);
        Assert.Equal(4, generated.Receipts[1].Fired);
    }

    [Fact]
    public void StepsOfAGenerationAreRefusedInTheEncoderWhichRunsOnce()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        using var plan = Bind(model, new InterventionSpec
        {
            Intervention = new Zero(), Site = new SiteSpec { Component = "encoder.mlp_output", Layer = 0, During = Steps.Each },
        });
        var refused = Assert.Throws<InterventionException>(() => plan.Generate(new ModelInputs { InputIds = tensor(new long[,] { { 3, 4 } }) }));
        Assert.Contains("belongs to the encoder, which runs once, with the prompt; choose Steps.Prompt.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAxisOfPositionsIsRefusedWhereTwoStacksHavePositions()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var axes = BatchScope.Of(model, new Batch(Inputs([[3, 4, 5]], [[0, 8]])), null);
        var refused = Assert.Throws<InterventionException>(() => axes.Positions(Positions.Of(0)));
        Assert.Contains("does not say which are meant; take Axis.EncoderPositions(…) or Axis.DecoderPositions(…)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheDecoderLacksIsSaid()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        using var plan = Bind(model, Collect("decoder.block_output", 0));
        var refused = Assert.Throws<InterventionException>(() => plan.Run(new ModelInputs { InputIds = tensor(new long[,] { { 3, 4 } }) }));
        Assert.Contains("Exactly one of DecoderInputIds and DecoderInputsEmbeds must be given, but neither is.", refused.Message, StringComparison.Ordinal);
    }

    private static PretrainedModel Create() => ModelLoader.Create(ModelConfig.Parse(Tiny, "tiny"), "T5ForConditionalGeneration", seed: 3);

    private static ModelInputs Inputs(long[][] read, long[][] written) => new() { InputIds = Table(read), DecoderInputIds = Table(written) };

    private static Tensor Table(long[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    private static InterventionSpec Collect(string component, int layer, params Index[] at) => new()
    {
        Intervention = new Collect(),
        Site = new SiteSpec { Component = component, Layer = layer, At = at.Length == 0 ? null : Positions.Of(at) },
    };

    private static InterventionPlan Bind(PretrainedModel model, params InterventionSpec[] specs) =>
        InterventionPlan.Bind(model, new InterventionConfig { Architecture = "t5", Interventions = [.. specs] });
}
