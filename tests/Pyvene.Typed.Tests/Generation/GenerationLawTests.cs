using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

public sealed class GenerationLawTests : IDisposable
{
    private static readonly long[][] Prompts = [[5, 9, 2, 14], [7], [3, 3, 11]];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _model = TinyGpt2.Create();

    public static TheoryData<GenerationOptions> Searches => new(
        new GenerationOptions { MaxNewTokens = 12 },
        new GenerationOptions { MaxNewTokens = 12, EosTokenIds = [4, 9, 15], PadTokenId = 1 },
        new GenerationOptions { MaxNewTokens = 12, RepetitionPenalty = 1.5, NoRepeatNgramSize = 2 },
        new GenerationOptions { MaxNewTokens = 12, DoSample = true, Seed = 11 },
        new GenerationOptions { MaxNewTokens = 12, DoSample = true, Seed = 11, NumReturnSequences = 3, TopP = 0.9 },
        new GenerationOptions { MaxNewTokens = 8, NumBeams = 3, NumReturnSequences = 2, EosTokenIds = [4, 9] },
        new GenerationOptions { MaxNewTokens = 8, NumBeams = 4, EarlyStopping = EarlyStopping.Never, LengthPenalty = -0.5, EosTokenIds = [4] },
        new GenerationOptions { MaxNewTokens = 8, NumBeams = 3, EarlyStopping = EarlyStopping.AsSoonAsFull, EosTokenIds = [4, 9, 15] },
        new GenerationOptions { MaxNewTokens = 8, NumBeams = 2, DoSample = true, Seed = 5, EosTokenIds = [4] });

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void ModelWithoutKeysAndValuesGoesOnFromItsTokens()
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoader.Create(
            ModelConfig.Parse("""{"model_type": "gru", "vocab_size": 23, "h_dim": 8, "n_layer": 2, "include_emb": true, "initializer_range": 1.0}""", "a test"),
            "GRULMHeadModel",
            seed: 2);
        var prompt = TinyGpt2.Prompt([3, 9, 4], [8, 2, 11]) with { AttentionMask = null };
        var options = new GenerationOptions { MaxNewTokens = 5, NumBeams = 2 };
        var rows = TinyGpt2.Generate(model, prompt, options);
        Assert.Equal(TinyGpt2.Generate(model, prompt, options with { UseCache = false }), rows);
        Assert.All(rows, row => Assert.Equal(5, row.Length));
        var embeddings = new ModelInputs { InputsEmbeds = zeros(1, 3, 8) };
        Assert.Contains(
            "give token ids",
            Assert.Throws<InvalidOperationException>(() => TextGeneration.Generate(model, embeddings, options)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public void TheCacheChangesNothing(GenerationOptions options) => Assert.Equal(
        TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), options),
        TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), options with { UseCache = false }));

    [Theory]
    [MemberData(nameof(Searches))]
    public void AgainIsTheSame(GenerationOptions options) => Assert.Equal(
        TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), options), TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), options));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ABatchPaddedOnTheLeftIsItsRowsAlone(int beams)
    {
        var options = new GenerationOptions { MaxNewTokens = 10, NumBeams = beams };

        var alone = Prompts.SelectMany(prompt => TinyGpt2.Generate(_model, TinyGpt2.Prompt(prompt), options));

        Assert.Equal(alone, TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), options));
    }

    [Fact]
    public void RowsThatEndAreFilledWhileOthersGoOn()
    {
        var endless = TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), new GenerationOptions { MaxNewTokens = 10 });
        var end = (int)endless[0][2];

        var rows = TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), new GenerationOptions { MaxNewTokens = 10, EosTokenIds = [end], PadTokenId = 21 });

        Assert.Equal([.. endless[0].TakeWhile(token => token != end), end], rows[0].TakeWhile(token => token != 21));
        Assert.All(
            rows.Zip(endless), pair => Assert.Equal(pair.Second.TakeWhile(token => token != end), pair.First.TakeWhile(token => token != end && token != 21)));
    }

    [Fact]
    public void OneBeamIsGreedySearch()
    {
        var inputs = TinyGpt2.Prompt(Prompts);
        var options = new GenerationOptions { MaxNewTokens = 9 };
        using var prompt = GenerationPrompt.From(inputs, options, ModelConfig.Parse("{}", "test"));
        var plan = new GenerationPlan(options, prompt, _model.Config);
        using var decoder = new StepwiseDecoder(prompt, 1, useCache: true);
        using var search = new BeamSearch(plan, decoder, prompt);
        while (!search.IsFinished)
        {
            using var step = new SearchStep(search);
            step.Take(_model.call(step.Inputs));
        }

        using var beam = search.Finish();

        Assert.Equal(TinyGpt2.Generate(_model, inputs, options), TinyGpt2.Rows(beam));
    }

    [Fact]
    public void SamplingFromOneCandidateIsGreedySearch() => Assert.Equal(
        TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), new GenerationOptions { MaxNewTokens = 9 }),
        TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), new GenerationOptions { MaxNewTokens = 9, DoSample = true, TopK = 1 }));

    [Fact]
    public void OtherSeedsGiveOtherTexts()
    {
        var options = new GenerationOptions { MaxNewTokens = 20, DoSample = true, TopK = 0, Temperature = 3 };

        var texts = Enumerable.Range(0, 4)
            .Select(seed => string.Join(' ', TinyGpt2.Generate(_model, TinyGpt2.Prompt(Prompts), options with { Seed = seed })[0]));

        Assert.Equal(4, texts.Distinct().Count());
    }

    [Fact]
    public void EmbeddingsOfTokensContinueAsTheTokensDo()
    {
        var inputs = TinyGpt2.Prompt(Prompts[0]);
        var options = new GenerationOptions { MaxNewTokens = 9, MinLength = 6, EosTokenIds = [4] };
        var weight = _model.named_parameters().Single(parameter => parameter.name == "transformer.wte.weight").parameter;

        using var output = TextGeneration.Generate(_model, new ModelInputs { InputsEmbeds = weight[inputs.InputIds!] }, options);

        Assert.Equal(0, output.PromptLength);
        Assert.Equal(TinyGpt2.Generate(_model, inputs, options), TinyGpt2.Rows(output));
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public void NoTensorIsLeftBehind(GenerationOptions options)
    {
        var inputs = TinyGpt2.Prompt(Prompts);
        TinyGpt2.Generate(_model, inputs, options);
        var before = LiveTensors.OfThisThread;

        for (var i = 0; i < 5; i++) TinyGpt2.Generate(_model, inputs, options with { OutputScores = true, OutputLogits = true });

        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Fact]
    public void AFailingStepLeavesNoTensorBehind()
    {
        var inputs = TinyGpt2.Prompt(Prompts);
        var before = LiveTensors.OfThisThread;
        var calls = 0;

        Assert.Throws<NotSupportedException>(() => TextGeneration.Generate(
            arguments => ++calls < 4 ? _model.call(arguments) : throw new NotSupportedException(),
            _model.Config,
            inputs,
            new GenerationOptions { MaxNewTokens = 9, NumBeams = 2, OutputScores = true }));

        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Fact]
    public void TheResultOutlivesTheScopeThatItWasMadeIn()
    {
        GenerationOutput output;
        using (NewDisposeScope()) output = TextGeneration.Generate(_model, TinyGpt2.Prompt(Prompts[0]), new GenerationOptions { MaxNewTokens = 3 });

        using (output) Assert.Equal([1, 7], output.Sequences.shape);
    }
}
