using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>CLIP: two towers over numbers of rows that differ, each tower alone, where a text is pooled, and what is refused.</summary>
public sealed class ClipTests : IDisposable
{
    private const string Tiny =
        """
        {
          "model_type": "clip", "projection_dim": 6,
          "text_config": {
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24, "vocab_size": 20, "max_position_embeddings": 9,
            "eos_token_id": 19, "initializer_factor": 3
          },
          "vision_config": {
            "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24, "image_size": 16, "patch_size": 8,
            "initializer_factor": 3
          }
        }
        """;

    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report };

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void EveryPictureHasALogitForEveryText()
    {
        using var model = Create();
        var output = model.call(Inputs(3, 2));

        Assert.Equal([2, 3], output.Logits!.shape);
        Assert.True(output.Logits.equal(output.Named["logits_per_text"].t()).all().item<bool>());
        var cosines = output.Named["image_embeds"].matmul(output.Named["text_embeds"].t());
        Assert.True(output.Logits.allclose(cosines * Math.Exp(2.6592), rtol: 1e-4, atol: 1e-4));
        Assert.Equal([3, 7, 16], output.Parts["text"].LastHiddenState!.shape);
        Assert.Equal([2, 5, 12], output.Parts["vision"].LastHiddenState!.shape);
    }

    [Fact]
    public void ATowerAloneGivesWhatItGivesBesideTheOther()
    {
        using var model = Create();
        var inputs = Inputs(3, 2);
        var both = model.call(inputs);

        var texts = model.call(new ModelInputs { InputIds = inputs.InputIds });
        var pictures = model.call(new ModelInputs { PixelValues = inputs.PixelValues });
        Assert.True(texts.Named["text_features"].allclose(both.Named["text_features"]));
        Assert.True(pictures.Named["image_features"].allclose(both.Named["image_features"]));
        Assert.Null(texts.Logits);
    }

    [Fact]
    public void PicturesOfOneBatchAreExchangedWithThoseOfAnotherWhateverTheTexts()
    {
        using var model = Create();
        var (inputs, other) = (Inputs(3, 2), Inputs(3, 2));
        using var plan = Clip.Experiment.Interchange(Clip.Vision.Layer(1).BlockOutput.At(0)).Bind(model);
        using var run = plan.Run(inputs, other);

        // a picture is read from its class token behind the last block alone
        var expected = model.call(inputs with { PixelValues = other.PixelValues });
        Assert.True(run.Output.allclose(expected.Logits!, rtol: 1e-4, atol: 1e-4));
        Assert.Equal(2 * 12, run.Receipts[0].ChangedElements);
    }

    [Fact]
    public void PicturesMayComeFromASourceWithAnotherNumberOfTexts()
    {
        using var model = Create();
        var (inputs, other) = (Inputs(1, 4), Inputs(3, 4));
        using var plan = Clip.Experiment.Interchange(Clip.Vision.ProjectionOutput).Bind(model);
        using var run = plan.Run(inputs, other);
        Assert.True(run.Output.allclose(model.call(inputs with { PixelValues = other.PixelValues }).Logits!, rtol: 1e-4, atol: 1e-4));

        using var texts = Clip.Experiment.Interchange(Clip.Text.ProjectionOutput).Bind(model);
        var error = Assert.Throws<InterventionException>(() => texts.Run(inputs, other));
        Assert.Contains("has 3 examples, but the base has 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPictureHasItsOwnHeadsAndPatches()
    {
        using var model = Create();
        var inputs = Inputs(1, 2);
        var site = new SiteSpec { Component = "vision.block_output", Layer = 0, At = Positions.PerExample([[1], [4]]) };
        var config = new InterventionConfig
        {
            Architecture = "clip",
            Interventions =
            [
                new InterventionSpec { Intervention = new Zero(), Site = site },
                new InterventionSpec { Intervention = new Collect(), Site = site with { At = null } },
            ],
        };
        using var plan = InterventionPlan.Bind(model, config);
        using var run = plan.Run(inputs, [], Report);

        var zeros = run.Collected[0].abs().sum(-1).eq(0); // [picture, patch]
        Assert.Equal([false, true, false, false, false, false, false, false, false, true], zeros.flatten().data<bool>().ToArray());
    }

    [Theory]
    [InlineData("text", 3, 3)]
    [InlineData("vision", 3, 3)]
    [InlineData("text", 2, 3)]
    [InlineData("vision", 3, 2)]
    public void ASweepInOneTowerGivesWhatItsCellsGiveAlone(string tower, int texts, int pictures)
    {
        using var model = Create();
        var (inputs, other) = (Inputs(texts, pictures), Inputs(texts, pictures));
        InterventionConfig[] cells = [.. from layer in Enumerable.Range(0, 2) from position in Enumerable.Range(0, 3) select Swap(tower, layer, position)];
        using var sweep = InterventionSweep.BindWhole(model, cells);
        using var run = sweep.Run(inputs, [other], Report);
        Assert.True(run.CleanLogits.allclose(model.call(inputs).Logits!, rtol: 1e-4, atol: 1e-4));
        foreach (var (index, cell) in cells.Index())
        {
            using var plan = InterventionPlan.Bind(model, cell);
            using var shared = plan.Run(inputs, [other], Report with { WithClean = true });
            using var alone = plan.Run(inputs, [other], Report with { SharesWork = false });
            Assert.Equal([pictures, texts], alone.Output.shape);
            Assert.True(run.Logits[index].allclose(alone.Output, rtol: 1e-4, atol: 1e-4));
            Assert.True(shared.Output.allclose(alone.Output, rtol: 1e-4, atol: 1e-4));
            foreach (var (name, value) in alone.Named)
            {
                Assert.True(shared.Named[name].allclose(value, rtol: 1e-4, atol: 1e-4), name);
            }
        }
    }

    [Fact]
    public void WhatActsInBothTowersGivesWhatItGivesAlone()
    {
        using var model = Create();
        var (inputs, other) = (Inputs(3, 3), Inputs(3, 3));
        var config = Swap("text", 1, 2) with { Interventions = [.. Swap("text", 1, 2).Interventions, .. Swap("vision", 0, 0).Interventions] };
        using var plan = InterventionPlan.Bind(model, config);
        using var shared = plan.Run(inputs, [other], Report with { WithClean = true });
        using var alone = plan.Run(inputs, [other], Report with { SharesWork = false });
        Assert.True(shared.Output.allclose(alone.Output, rtol: 1e-4, atol: 1e-4));
        Assert.False(shared.Output.allclose(shared.CleanOutput!, rtol: 1e-3, atol: 1e-3));
    }

    [Theory]
    [InlineData("text", "vision")]
    [InlineData("vision", "text")]
    public void ASweepInOneTowerRunsTheOtherOnceForAllOfItsCells(string swept, string other)
    {
        using var model = Create();
        var rows = new Dictionary<string, long>();
        foreach (var (name, module) in model.named_modules().Where(item => item.name.EndsWith("q_proj", StringComparison.Ordinal)))
        {
            ((nn.Module<Tensor, Tensor>)module).register_forward_hook((_, input, output) =>
            {
                rows[name] = rows.GetValueOrDefault(name) + (input.shape[0] / 3);
                return output;
            });
        }

        using var sweep = InterventionSweep.BindWhole(model, [.. from layer in Enumerable.Range(0, 2) from position in Enumerable.Range(0, 3)
            select Swap(swept, layer, position)]);
        sweep.Run(Inputs(3, 3), [Inputs(3, 3)], Report).Dispose();

        // the source and the clean run; the cells join where they act
        Assert.Equal(
            [2, 2, 5, 8],
            new[] { other, swept }.SelectMany(tower => new[] { 0, 1 }.Select(layer => rows[$"{tower}_model.encoder.layers.{layer}.self_attn.q_proj"])));
    }

    [Fact]
    public void ATextIsPooledAtItsFirstEndTokenOrAtTheLargestIdInOldFiles()
    {
        using var model = Create();
        var ids = tensor(new long[,] { { 3, 19, 5, 19 } });
        var pooled = model.call(new ModelInputs { InputIds = ids }).Parts["text"];
        Assert.True(pooled.PoolerOutput!.allclose(pooled.LastHiddenState!.select(1, 1)));

        using var old = Create(
            """{"text_config": {"hidden_size": 16, "num_attention_heads": 4, "num_hidden_layers": 1, "vocab_size": 20, "eos_token_id": 2}}""");
        var largest = old.call(new ModelInputs { InputIds = tensor(new long[,] { { 2, 3, 18, 5 } }) }).Parts["text"];
        Assert.True(largest.PoolerOutput!.allclose(largest.LastHiddenState!.select(1, 2)));
    }

    [Fact]
    public void PositionIdsThatJumpStartNoNewText()
    {
        using var model = Create();
        var ids = tensor(new long[,] { { 3, 4, 5, 19 } });
        var jumping = model.call(new ModelInputs { InputIds = ids, PositionIds = tensor(new long[,] { { 0, 1, 0, 1 } }), OutputAttentions = true });

        Assert.True(jumping.Parts["text"].Attentions![0].select(2, 3).gt(0).all().item<bool>()); // the last token sees all
    }

    [Fact]
    public void PaddingBehindATextChangesNothing()
    {
        using var model = Create();
        var ids = tensor(new long[,] { { 3, 4, 19 } });
        var plain = model.call(new ModelInputs { InputIds = ids }).Named["text_features"];
        var padded = model.call(new ModelInputs
        {
            InputIds = tensor(new long[,] { { 3, 4, 19, 19, 19 } }), AttentionMask = tensor(new long[,] { { 1, 1, 1, 0, 0 } }),
        });
        Assert.True(padded.Named["text_features"].allclose(plain, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void TheLossNeedsAsManyTextsAsPictures()
    {
        using var model = Create();
        var inputs = Inputs(2, 2) with { ReturnLoss = true };
        var output = model.call(inputs);
        var byHand = (output.Logits!.log_softmax(0) + output.Logits.log_softmax(1)).diagonal().mean() / -2;
        Assert.Equal(byHand.item<float>(), output.Loss!.item<float>(), 1e-5f);

        Assert.Contains("3 texts and 2 pictures", Assert.Throws<ArgumentException>(() => model.call(Inputs(3, 2) with { ReturnLoss = true })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotReadIsRefusedByName()
    {
        using var model = Create();
        Assert.Contains("no TokenTypeIds", Refusal(Inputs(1, 1) with { TokenTypeIds = zeros(1, 7, int64) }), StringComparison.Ordinal);
        Assert.Contains("ReturnLoss asks for the loss", Refusal(Inputs(1, 1) with { Labels = zeros(1, int64) }), StringComparison.Ordinal);
        Assert.Contains("neither is given", Refusal(new ModelInputs()), StringComparison.Ordinal);
        Assert.Contains("are those of InputIds", Refusal(Inputs(1, 1) with { InputIds = null, AttentionMask = ones(1, 7, int64) }), StringComparison.Ordinal);
        Assert.Contains("[batch, position]", Refusal(Inputs(1, 1) with { AttentionMask = zeros(1, 1, 7, 7) }), StringComparison.Ordinal);

        string Refusal(ModelInputs inputs) => Assert.Throws<ArgumentException>(() => model.call(inputs)).Message;
    }

    [Fact]
    public void AFieldOfATowerIsRefusedOrReportedByItsPlace()
    {
        var error = Assert.Throws<CheckpointException>(() => Create("""{"text_config": {"hidden_size": "wide"}}"""));
        Assert.Contains("text_config", error.Message, StringComparison.Ordinal);
        Assert.Contains("'hidden_size' must be", error.Message, StringComparison.Ordinal);

        using var model = Create("""{"vision_config": {"hidden_size": 12, "num_attention_heads": 2, "num_hidden_layers": 1, "new_thing": 1}}""");
        Assert.Equal(["vision_config.new_thing"], model.Unread);
    }

    [Fact]
    public void ASecondConfigurationOfATowerIsFollowedWhereItAgrees()
    {
        using var model = Create(
            """
            {
              "text_config_dict": {
                "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24, "vocab_size": 20, "max_position_embeddings": 9
              }
            }
            """);
        Assert.Equal(6, model.call(Inputs(1, 1)).Named["text_embeds"].shape[1]);

        var error = Assert.Throws<CheckpointException>(() => Create("""{"text_config_dict": {"hidden_size": 16}}"""));
        Assert.Contains("'text_config_dict', which transformers follows, means", error.Message, StringComparison.Ordinal);
    }

    private static InterventionConfig Swap(string tower, int layer, int position) => new()
    {
        Architecture = "clip",
        Sources = 1,
        Interventions =
        [
            new InterventionSpec
            {
                Intervention = new Interchange(),
                Site = new SiteSpec { Component = $"{tower}.block_output", Layer = layer, At = Positions.Of(position) },
            },
        ],
    };

    private static PretrainedModel Create(string changes = "{}") => ModelLoader.Create(ModelConfig.Parse(Tiny, "tiny").With(changes), "CLIPModel", seed: 3);

    private static ModelInputs Inputs(int texts, int pictures) => new()
    {
        InputIds = cat([randint(0, 19, [texts, 6], dtype: int64), full([texts, 1], 19, int64)], 1),
        PixelValues = randn([pictures, 3, 16, 16]),
    };
}
