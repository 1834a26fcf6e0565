using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using Pyvene.Typed.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Texts of models whose decoder looks back at an encoder: the numbers are those of the tensors that the texts stand for.</summary>
public sealed class EncoderDecoderTests : IDisposable
{
    // <pad> </s> <unk>, then the pieces from 3 on: a text of the encoder ends with </s>, as T5's.
    private static readonly string[] Pieces = ["▁the", "▁house", "▁is", "▁old", "▁translate", "▁:", "▁das", "▁haus", "▁ist", "▁alt", "▁", "t", "a", "s"];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TextTokenizer tokenizer = Tokenizer();
    private readonly LanguageModel<T5> model;

    public EncoderDecoderTests()
    {
        var config = ModelConfig.Parse(
            """
            {
              "model_type": "t5", "vocab_size": 17, "d_model": 16, "d_kv": 4, "d_ff": 24, "num_layers": 2, "num_decoder_layers": 3, "num_heads": 4,
              "relative_attention_num_buckets": 8, "relative_attention_max_distance": 20, "decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 1
            }
            """,
            "tiny");
        model = new LanguageModel<T5>(ModelLoader.Create(config, "T5ForConditionalGeneration", seed: 3), tokenizer);
    }

    [Fact]
    public void NumberOfLayersIsToldForEachRowWhereThereAreSeveral() => Assert.Equal(
        "'t5' has several rows of layers, and no number is that of all: 2 in encoder.block, 3 in decoder.block. Take the one that is meant.",
        Assert.Throws<InvalidOperationException>(() => model.LayerCount).Message);

    [Fact]
    public void NumberOfLayersOfAnEncoderAloneIsThatOfItsOnlyRow()
    {
        using var encoder = new LanguageModel<T5>(ModelLoader.Create(model.Module.Config, "T5EncoderModel", seed: 3), tokenizer);
        Assert.Equal(2, encoder.LayerCount);
    }

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void ATextIsReadByTheEncoderWithItsEndTokenAndTheDecoderBeginsWithItsFirstToken()
    {
        using var run = model.Run(T5.Experiment.Collect(T5.Encoder.Layer(1).BlockOutput, out var read), "translate : the house is old");
        using var same = Run(Inputs([[7, 8, 3, 4, 5, 6, 1]], [[0]]), T5.Experiment.Collect(T5.Encoder.Layer(1).BlockOutput, out var again));
        Assert.Equal([1, 7, 16], run[read].shape);
        Assert.True(run[read].equal(same[again]).all().item<bool>());
        Assert.True(run.Logits.equal(same.Output).all().item<bool>());
        Assert.Equal([1, 1, 17], run.Logits.shape);
        Assert.Equal(1, Assert.Single(run.Lengths));
    }

    [Fact]
    public void MetricsAreReadBehindTheTextOfTheDecoder()
    {
        var experiment = T5.Experiment.Zero(T5.Encoder.Layer(0).MlpOutput);
        using var first = model.Run(experiment, "the house is old");
        using var later = model.Run(experiment, Prompt.Of("the house is old").WithDecoder("das haus"));
        using var same = Run(Inputs([[3, 4, 5, 6, 1]], [[0, 9, 10]]), experiment);
        Assert.Equal(same.Output[0, 0].softmax(0)[10].item<float>(), first.Probability("haus").Intervened[0], 1e-6);
        Assert.Equal(same.Output[0, 2].softmax(0)[11].item<float>(), later.Probability("ist").Intervened[0], 1e-6);
        Assert.Equal(same.CleanOutput![0, 2].softmax(0)[11].item<float>(), later.Probability("ist").Clean!.Value[0], 1e-6);
    }

    [Fact]
    public void EveryTextIsFoundInTheStackThatReadsIt()
    {
        var experiment = T5.Experiment
            .Collect(T5.Encoder.Layer(1).BlockOutput.At("house"), out var read)
            .Collect(T5.Decoder.Layer(1).BlockOutput.At("haus"), out var written)
            .Collect(T5.Decoder.Layer(1).CrossKeyOutput.At("old"), out var key);
        using var run = model.Run(experiment, Prompt.Of("the house is old").WithDecoder("das haus ist"));
        using var same = Run(
            Inputs([[3, 4, 5, 6, 1]], [[0, 9, 10, 11]]),
            T5.Experiment
                .Collect(T5.Encoder.Layer(1).BlockOutput.At(1), out var first)
                .Collect(T5.Decoder.Layer(1).BlockOutput.At(2), out var second)
                .Collect(T5.Decoder.Layer(1).CrossKeyOutput.At(3), out var third));
        Assert.True(run[read].equal(same[first]).all().item<bool>());
        Assert.True(run[written].equal(same[second]).all().item<bool>());
        Assert.True(run[key].equal(same[third]).all().item<bool>());
        var refused = Assert.Throws<InterventionException>(() => model.Run(
            T5.Experiment.Zero(T5.Decoder.Layer(1).BlockOutput.At("house")), Prompt.Of("the house is old").WithDecoder("das haus")));
        Assert.Contains("the text \"house\" does not occur in the base \"das haus\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TextsOfDifferentLengthsInOneBatchAreWhatEachIsAlone()
    {
        var experiment = T5.Experiment.Zero(T5.Decoder.Layer(1).CrossAttentionOutput.At(^1)).Collect(T5.Encoder.Layer(1).BlockOutput.At(^2), out var read);
        string[] texts = ["the house is old", "house"], begins = ["das haus", "das"];
        using var both = model.Run(experiment, Prompt.Of(texts).WithDecoder(begins));
        for (var row = 0; row < 2; row++)
        {
            using var alone = model.Run(experiment, Prompt.Of(texts[row]).WithDecoder(begins[row]));
            Assert.True(both[read][row].allclose(alone[read][0], rtol: 1e-4, atol: 1e-5));
            Assert.True(both.LogitsAt(row, ^1).allclose(alone.LogitsAt(0, ^1), rtol: 1e-4, atol: 1e-5));
        }
    }

    [Fact]
    public void ASourceIsATextForTheEncoderToo()
    {
        using var run = model.Run(
            T5.Experiment.Interchange(T5.Encoder.Layer(1).BlockOutput.At("house")), "the house is old", Prompt.Of("das house ist").WithDecoder("das haus"));
        using var plan = T5.Experiment.Interchange(T5.Encoder.Layer(1).BlockOutput.At(1)).Bind(model.Module);
        using var same = plan.Run(Inputs([[3, 4, 5, 6, 1]], [[0]]), Inputs([[9, 4, 11, 1]], [[0, 9, 10]]), new RunOptions { WithClean = true });
        Assert.True(run.Logits.allclose(same.Output, rtol: 1e-5, atol: 1e-6));
        Assert.True(run.CleanLogits!.allclose(same.CleanOutput!, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void ASweepOverPositionsSaysOfWhichStackAndNamesTheirTokens()
    {
        var prompt = Prompt.Of("the house is old").WithDecoder("das haus");
        var read = model.Sweep(
            Axis.Of(0, 1), Axis.EncoderPositions(..), (layer, at) => Without(T5.Encoder.Layer(layer).BlockOutput.At(at)), prompt, Metric.Logit("ist"));
        var written = model.Sweep(
            Axis.Of(0, 2), Axis.DecoderPositions(1..), (layer, at) => Without(T5.Decoder.Layer(layer).BlockOutput.At(at)), prompt, Metric.Logit("ist"));
        Assert.Equal(["the", "house", "is", "old", "</s>"], read.Columns);
        Assert.Equal(["das", "haus"], written.Columns);
        using var one = model.Run(T5.Experiment.Zero(T5.Encoder.Layer(1).BlockOutput.At("is")), prompt);
        using var other = model.Run(T5.Experiment.Zero(T5.Decoder.Layer(0).BlockOutput.At("das")), prompt);
        Assert.Equal(one.Measure(Metric.Logit("ist")).Intervened[0], read[1, 2], 1e-4);
        Assert.Equal(other.Measure(Metric.Logit("ist")).Intervened[0], written[0, 1], 1e-4);
        var refused = Assert.Throws<InterventionException>(() => model.Sweep(
            Axis.Of(0, 1), Positions.All, (layer, at) => Without(T5.Encoder.Layer(layer).BlockOutput.At(at)), prompt, Metric.Logit("ist")));
        Assert.Contains("take Axis.EncoderPositions(…) or Axis.DecoderPositions(…)", refused.Message, StringComparison.Ordinal);

        static Experiment<T5, NoSource> Without(PositionedSite<T5> place) => T5.Experiment.Zero(place);
    }

    [Fact]
    public void AGenerationGivesTheTextOfTheDecoder()
    {
        var options = new GenerationOptions { MaxNewTokens = 5, EosTokenIds = [] };
        using var text = model.Generate(Prompt.Of("the house is old").WithDecoder("das"), options);
        using var same = TextGeneration.Generate(model.Module, Inputs([[3, 4, 5, 6, 1]], [[0, 9]]), options);
        Assert.Equal(same.Sequences[0].data<long>().ToArray().Skip(2).Select(id => (int)id), text.TokenIds[0]);
        Assert.Equal(tokenizer.Decode(text.TokenIds[0], skipSpecialTokens: true), text.Texts[0]);
        Assert.Equal($"the house is old → das{text.Texts[0]}", text.ToString());
    }

    [Fact]
    public void InAGenerationEveryStepOfTheDecoderIsIntervenedOnAndTheEncoderOnce()
    {
        var experiment = T5.Experiment
            .Zero(T5.Decoder.Layer(1).CrossAttentionOutput.During(Steps.Prompt.And(Steps.Each)))
            .Zero(T5.Encoder.Layer(1).BlockOutput.At("house").During(Steps.Prompt));
        var options = new GenerationOptions { MaxNewTokens = 4, EosTokenIds = [] };
        using var text = model.Generate(experiment, Prompt.Of("the house is old", "house").WithDecoder("das"), options);
        using var alone = model.Generate(experiment, Prompt.Of("house").WithDecoder("das"), options);
        Assert.Equal([4L, 1L], text.Receipts.Select(receipt => (long)receipt.Fired));
        Assert.Equal(alone.TokenIds[0].AsEnumerable(), text.TokenIds[1]);
    }

    [Fact]
    public void ADecoderWithoutAnEncoderHasNoTextOfItsOwn()
    {
        using var plain = Gpt2.Create(layers: 1, dModel: 8, heads: 2, vocab: 20);
        var refused = Assert.Throws<InterventionException>(() => plain.Run(
            Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput), Prompt.OfTokens([3, 4]).WithDecoder(Prompt.OfTokens([5]))));
        Assert.Contains("has no decoder behind an encoder; write it into the prompt.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstTokenOfTheOptionsIsThatOfTheText()
    {
        var options = new GenerationOptions { MaxNewTokens = 3, EosTokenIds = [], DecoderStartTokenId = 5 };
        using var text = model.Generate("the house", options);
        using var same = TextGeneration.Generate(model.Module, Inputs([[3, 4, 1]], [[5]]), options);
        Assert.Equal(same.Sequences[0].data<long>().ToArray().Skip(1).Select(id => (int)id), text.TokenIds[0]);
    }

    [Fact]
    public void ASoundBecomesTextThroughTheTokenizer()
    {
        using var whisper = new LanguageModel<Whisper>(Sounds(), tokenizer);
        var features = new ModelInputs { InputFeatures = ShippedModels.Inputs(whisper.Module, 2, 4, seed: 1).InputFeatures };
        var options = new GenerationOptions { MaxNewTokens = 4, EosTokenIds = [] };
        using var text = whisper.Generate(features, options);
        using var same = TextGeneration.Generate(whisper.Module, features, options);
        Assert.Equal(same.Sequences[1].data<long>().ToArray().Skip(1).Select(id => (int)id), text.TokenIds[1]);
        Assert.Equal(text.TokenIds.Select(ids => tokenizer.Decode(ids, skipSpecialTokens: true)), text.Texts);
        Assert.Equal(text.Texts[1], text.ToString().Split('\n')[1]);
    }

    [Fact]
    public void DecoderTextsOfDifferentLengthsBehindASoundAreWhatEachIsAlone()
    {
        using var whisper = new LanguageModel<Whisper>(Sounds(), tokenizer);
        var features = ShippedModels.Inputs(whisper.Module, 2, 4, seed: 1).InputFeatures!;
        var experiment = Whisper.Experiment.Zero(Whisper.Decoder.Layer(1).MlpOutput.At("das"));
        var options = new GenerationOptions { MaxNewTokens = 4, EosTokenIds = [] };
        string[] begins = ["das haus", "das"];
        var prompt = Prompt.OfInputs(new ModelInputs { InputFeatures = features }).WithDecoder(begins);
        using var both = whisper.Run(experiment, prompt);
        using var texts = whisper.Generate(prompt, options);
        for (var row = 0; row < 2; row++)
        {
            var own = Prompt.OfInputs(new ModelInputs { InputFeatures = features[row].unsqueeze(0) }).WithDecoder(begins[row]);
            using var alone = whisper.Run(experiment, own);
            using var text = whisper.Generate(own, options);
            Assert.True(both.LogitsAt(row, ^1).allclose(alone.LogitsAt(0, ^1), rtol: 1e-4, atol: 1e-5));
            Assert.Equal(text.TokenIds[0].AsEnumerable(), texts.TokenIds[row]);
        }
    }

    [Fact]
    public void AGridKeepsTheTextOfTheDecoder()
    {
        var prompt = Prompt.Of("the house is old", "the house").WithDecoder(Prompt.Of("das haus", "das").Mark("noun", "haus", "das"));
        var grid = model.Grid(
            Axis.Of(0, 1), layer => T5.Experiment.Zero(T5.Decoder.Layer(layer).BlockOutput.At(Positions.Marked("noun"))), prompt, [], Metric.Logit("ist"));
        var read = SweepGrid.FromJson(grid.ToJson());
        Assert.Equal(grid.ToJson(), read.ToJson());
        Assert.Equal(["das haus", "das"], read.Base.Decoder!.Texts.AsEnumerable());
        Assert.Equal(model.Sweep(grid)["1", "value"], model.Sweep(read)["1", "value"]);
    }

    private static PretrainedModel Sounds() => ModelLoader.Create(
        ModelConfig.Parse(
            """
            {
              "model_type": "whisper", "vocab_size": 17, "num_mel_bins": 6, "d_model": 16, "encoder_layers": 2, "decoder_layers": 2,
              "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 24, "decoder_ffn_dim": 24, "max_source_positions": 7,
              "max_target_positions": 12, "decoder_start_token_id": 3, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1
            }
            """,
            "tiny"),
        "WhisperForConditionalGeneration",
        seed: 3);

    private static TextTokenizer Tokenizer()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var pieces = string.Join(", ", Pieces.Select((piece, index) => $"[\"{piece}\", {(piece.Length < 2 ? -9 : -1 - index)}]"));
            File.WriteAllText(
                Path.Combine(folder.FullName, "tokenizer.json"),
                $$"""
                {
                  "version": "1.0", "truncation": null, "padding": null, "normalizer": null,
                  "added_tokens": [
                    { "id": 0, "content": "<pad>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true },
                    { "id": 1, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true },
                    { "id": 2, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }
                  ],
                  "pre_tokenizer": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true },
                  "post_processor": {
                    "type": "TemplateProcessing",
                    "single": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "SpecialToken": { "id": "</s>", "type_id": 0 } }],
                    "pair": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 0 } }],
                    "special_tokens": { "</s>": { "id": "</s>", "ids": [1], "tokens": ["</s>"] } }
                  },
                  "decoder": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true },
                  "model": { "type": "Unigram", "unk_id": 2, "byte_fallback": false, "vocab": [["<pad>", 0], ["</s>", 0], ["<unk>", 0], {{pieces}}] }
                }
                """);
            File.WriteAllText(
                Path.Combine(folder.FullName, "tokenizer_config.json"), """{ "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>" }""");
            return TextTokenizer.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ModelInputs Inputs(long[][] read, long[][] written) => new() { InputIds = Table(read), DecoderInputIds = Table(written) };

    private static Tensor Table(long[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    private ModuleRun<T5> Run(ModelInputs inputs, Experiment<T5, NoSource> experiment)
    {
        using var plan = experiment.Bind(model.Module);
        return plan.Run(inputs, new RunOptions { WithClean = true });
    }
}
