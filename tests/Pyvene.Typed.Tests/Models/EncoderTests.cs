using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Encoders beside BERT: positions that leave out padding, and ESM's masked tokens.</summary>
public sealed class EncoderTests
{
    private const string Sizes =
        """
        "vocab_size": 33, "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2, "intermediate_size": 12, "max_position_embeddings": 8,
        "initializer_range": 0.4, "pad_token_id": 1
        """;

    [Fact]
    public void PaddingHasItsOwnIdAsAPositionAndIsNotCounted()
    {
        using var scope = NewDisposeScope();
        var inputs = new ModelInputs { InputIds = tensor(new long[,] { { 1, 7, 1, 8 }, { 5, 6, 7, 8 } }) };

        Assert.Equal([1L, 2, 1, 3, 2, 3, 4, 5], PaddedPositions.Of(inputs, padding: 1).data<long>());
        Assert.Equal([2L, 3, 4], PaddedPositions.Of(new ModelInputs { InputsEmbeds = zeros(2, 3, 8) }, padding: 1).data<long>());
    }

    [Fact]
    public void ATextWithMoreTokensThanPositionsIsRefusedAndPaddingDoesNotCount()
    {
        using var scope = NewDisposeScope();
        using var model = Create("roberta", "RobertaModel");
        var tokens = randint(3, 33, [1, 6], dtype: int64);
        model.call(new ModelInputs { InputIds = cat([tokens, ones([1, 4], int64)], 1) });

        var error = Assert.Throws<ArgumentException>(() => model.call(new ModelInputs { InputIds = cat([tokens, tokens], 1) }));

        Assert.Contains("knows 6 positions of tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("a text has 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MaskedTokensAreZeroAndTheOthersGrowByTheirShare()
    {
        using var scope = NewDisposeScope();
        using var model = Create("esm", "EsmModel", """ "position_embedding_type": "rotary", "token_dropout": true, "mask_token_id": 32 """);
        var stored = model.get_parameter("embeddings.word_embeddings.weight")!;
        var output = model.call(new ModelInputs { InputIds = tensor(new long[,] { { 4, 32, 5, 6 } }), OutputHiddenStates = true });

        Close.Equal(zeros(8), output.HiddenStates![0][0, 1], 0);
        Close.Equal(stored[5].mul((0.88 / 0.75).ToScalar()), output.HiddenStates[0][0, 2], 1e-6);
    }

    [Theory]
    [InlineData("""{"position_embedding_type": "rotary", "token_dropout": true}""", "'mask_token_id' must be a whole number")]
    [InlineData("""{"pad_token_id": null}""", "'pad_token_id' must be a whole number, as absolute positions are counted from it")]
    [InlineData("""{"position_embedding_type": "relative_key"}""", "'position_embedding_type' is \"relative_key\", which changes the model's numbers")]
    [InlineData("""{"position_embedding_type": "rotary", "hidden_size": 6}""", "a head has 3")]
    [InlineData("""{"position_embedding_type": null}""", "'position_embedding_type' is null, which changes the model's numbers")]
    [InlineData("""{"is_folding_model": true}""", "'is_folding_model' is true, which changes the model's numbers")]
    public void WhatEsmNeedsAndDoesNotHaveIsRefusedByName(string change, string expected)
    {
        var config = ModelConfig.Parse($"{{ \"model_type\": \"esm\", {Sizes} }}", "tiny").With(change);

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ModelLoader.Create(config, "EsmModel")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PositionIdsOfRotaryPositionsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Create("esm", "EsmModel", """ "position_embedding_type": "rotary" """);
        var inputs = new ModelInputs { InputIds = tensor(new long[,] { { 4, 5 } }), PositionIds = tensor(new long[,] { { 3, 4 } }) };

        Assert.Contains("leave PositionIds out", Assert.Throws<ArgumentException>(() => model.call(inputs)).Message, StringComparison.Ordinal);
    }

    /// <summary>What published ESM-2 files hold beside the weights: positions that are not learnt, frequencies, and the head for contacts.</summary>
    [Fact]
    public void WhatEsmFilesHoldAndNothingReadsIsLeftOut()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder("esm");
        var config = $"{{ \"architectures\": [\"EsmForMaskedLM\"], \"model_type\": \"esm\", {Sizes}, \"position_embedding_type\": \"rotary\" }}";
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "tiny"), seed: 5);
        folder.Write("config.json", config);
        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"),
        [
            .. model.named_parameters().Where(item => !item.name.Contains("contact_head", StringComparison.Ordinal))
                .Select(item => (item.name, (Tensor)item.parameter)),
            ("esm.embeddings.position_embeddings.weight", zeros(8, 8)),
            ("esm.encoder.layer.0.attention.self.rotary_embeddings.inv_freq", zeros(2)),
            ("lm_head.decoder.bias", model.get_parameter("lm_head.bias")!),
        ]);

        using var loaded = ModelLoader.Load(folder.Path);

        var inputs = new ModelInputs { InputIds = tensor(new long[,] { { 4, 5, 6 } }) };
        Close.Equal(model.call(inputs).Logits!, loaded.call(inputs).Logits!, 0);
        var error = Assert.Throws<ArgumentException>(() => loaded.PredictContacts(inputs.InputIds));
        Assert.Contains("EsmForMaskedLM has no head for contacts", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Published RoBERTa files have no pooler; transformers draws one at random.</summary>
    [Theory]
    [InlineData("bert", "Bert")]
    [InlineData("roberta", "Roberta")]
    [InlineData("esm", "Esm")]
    public void ABareModelOfAFileWithoutPoolerPoolsNothing(string type, string prefix)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder("pooler");
        var config = $"{{ \"architectures\": [\"{prefix}ForMaskedLM\"], \"model_type\": \"{type}\", {Sizes} }}";
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "tiny"), seed: 5);
        folder.Write("config.json", config);
        var stored = model.named_parameters().Select(item => (item.name, (Tensor)item.parameter)).ToList();
        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), stored);
        var inputs = new ModelInputs { InputIds = tensor(new long[,] { { 4, 5, 6 } }), OutputHiddenStates = true };

        using (var loaded = ModelLoader.Load(folder.Path, prefix + "Model"))
        {
            var output = loaded.call(inputs);
            Assert.Null(output.PoolerOutput);
            Close.Equal(model.call(inputs).HiddenStates![^1], output.LastHiddenState!, 0);
        }

        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), [.. stored, ($"{type}.pooler.dense.bias", zeros(8))]);
        var error = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path, prefix + "Model"));
        Assert.Contains("missing: 'pooler.dense.weight' [8, 8]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ContactsAreTheExcessOfAttentionInBothDirections()
    {
        using var scope = NewDisposeScope();
        using var model = Create("esm", "EsmForMaskedLM", """ "position_embedding_type": "rotary" """);
        var tokens = tensor(new long[,] { { 0, 4, 5, 6, 7, 2 }, { 0, 4, 5, 2, 1, 1 } });
        var mask = tensor(new long[,] { { 1, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 0, 0 } });
        var weights = model.call(new ModelInputs { InputIds = tokens, AttentionMask = mask, OutputAttentions = true }).Attentions!;
        var regression = model.get_parameter("esm.contact_head.regression.weight")!;

        var contacts = model.PredictContacts(tokens, mask);

        Assert.Equal([2, 4, 4], contacts.shape);
        var sum = 0.0; // of the pair of the first two amino acids of the second text, over all heads
        for (var head = 0; head < 4; head++)
        {
            var both = weights[head / 2][1, head % 2].clone();
            both = both[1..3][TensorIndex.Colon, 1..3]; // without the first token, the end and the padding
            both = both + both.t();
            var (row, column, all) = (both[0].sum().item<float>(), both[TensorIndex.Colon, 1].sum().item<float>(), both.sum().item<float>());
            sum += regression[0, head].item<float>() * (both[0, 1].item<float>() - (row * column / all));
        }

        Assert.Equal(1 / (1 + Math.Exp(-sum)), contacts[1, 0, 1].item<float>(), 1e-5);
        Assert.Contains("at least 3 positions", Assert.Throws<ArgumentException>(() => model.PredictContacts(tokens[TensorIndex.Colon, 0..2])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The numbers are those of DistilBertModel in transformers 4.57.6.</summary>
    [Fact]
    public void PositionsOfANewDistilBertMayBeSinesAndCosines()
    {
        using var scope = NewDisposeScope();
        using var model = Create("distilbert", "DistilBertForMaskedLM", """ "sinusoidal_pos_embds": true """);
        var positions = model.get_parameter("distilbert.embeddings.position_embeddings.weight")!;

        Close.Equal(tensor(new float[] { 0, 1, 0, 1, 0, 1, 0, 1 }), positions[0], 0);
        float[] fourth = [0.14112001f, -0.9899925f, 0.29552022f, 0.9553365f, 0.0299955f, 0.99955004f, 0.00299999f, 0.9999955f];
        Close.Equal(tensor(fourth), positions[3], 1e-6);
    }

    /// <summary>As in transformers, where only three of its names stand for BERT's.</summary>
    [Fact]
    public void DistilBertTellsFieldsThatItsClassesDoNotRead()
    {
        using var model = Create("distilbert", "DistilBertModel", """ "dim": 8, "hidden_dim": 12, "layer_norm_eps": 0.5, "hidden_act": "relu" """);

        Assert.Equal(["intermediate_size", "layer_norm_eps", "hidden_act"], model.Unread);
        Assert.Equal(12, model.get_parameter("transformer.layer.0.ffn.lin1.weight")!.shape[0]);
    }

    [Theory]
    [InlineData("bert", "Bert")]
    [InlineData("roberta", "Roberta")]
    [InlineData("distilbert", "DistilBert")]
    [InlineData("esm", "Esm")]
    public void AClassifierOfTokensHasLogitsAndALossForEveryToken(string type, string prefix)
    {
        using var scope = NewDisposeScope();
        using var model = Create(type, prefix + "ForTokenClassification", """ "num_labels": 3 """);
        var inputs = new ModelInputs { InputIds = tensor(new long[,] { { 4, 5, 6, 7 } }), Labels = tensor(new long[,] { { 0, 2, -100, 1 } }) };

        var output = model.call(inputs);

        Assert.Equal([1, 4, 3], output.Logits!.shape);
        var each = nn.functional.cross_entropy(output.Logits[0].index_select(0, tensor(new long[] { 0, 1, 3 })), tensor(new long[] { 0, 2, 1 }));
        Close.Equal(each, output.Loss!, 1e-6);
    }

    private static PretrainedModel Create(string type, string className, string fields = "\"layer_norm_eps\": 1e-12") =>
        ModelLoader.Create(ModelConfig.Parse($"{{ \"model_type\": \"{type}\", {Sizes}, {fields} }}", "tiny"), className, seed: 7);
}
