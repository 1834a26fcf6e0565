using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

public sealed class BeamSearchTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _model = TinyGpt2.Create(8);
    private readonly ModelInputs _prompt = TinyGpt2.Prompt([5, 9, 2]);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void WithABeamForEveryTokenTheBestOfAllTextsOfTwoTokensAreFound()
    {
        using var output = TextGeneration.Generate(
            _model, _prompt, new GenerationOptions { MaxNewTokens = 2, NumBeams = TinyGpt2.Vocabulary, NumReturnSequences = 5 });

        var expected = AllPairs().OrderByDescending(pair => pair.LogProbability).Take(5).ToList();
        Assert.Equal(expected.Select(pair => pair.Tokens), TinyGpt2.Rows(output));
        Assert.All(output.SequencesScores!.data<float>().Zip(expected), pair => Assert.Equal(pair.Second.LogProbability / 2, pair.First, 1e-4));
    }

    [Fact]
    public void BeamIndicesLeadThroughTheScoresToTheScoreOfTheText()
    {
        using var output = TextGeneration.Generate(
            _model,
            _prompt,
            new GenerationOptions { MaxNewTokens = 6, NumBeams = 3, NumReturnSequences = 3, EosTokenIds = [4], LengthPenalty = 0.5, OutputScores = true });

        var rows = TinyGpt2.Rows(output);
        for (var text = 0; text < 3; text++)
        {
            var origins = output.BeamIndices![text].data<long>().TakeWhile(row => row >= 0).ToArray();
            var total = origins.Select((row, step) => (double)output.Scores![step][row, rows[text][step]].item<float>()).Sum();
            Assert.Equal(total / Math.Sqrt(origins.Length), output.SequencesScores![text].item<float>(), 1e-4);
        }
    }

    [Fact]
    public void TheTextsOfAPromptAreSortedByScoreAndDiffer()
    {
        using var output = TextGeneration.Generate(_model, _prompt, new GenerationOptions { MaxNewTokens = 6, NumBeams = 4, NumReturnSequences = 4 });

        var scores = output.SequencesScores!.data<float>().ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(4, TinyGpt2.Rows(output).Select(row => string.Join(' ', row)).Distinct().Count());
    }

    [Fact]
    public void MoreEndTokensThanTheVocabularyHasContinuationsAreRefused()
    {
        var options = new GenerationOptions { MaxNewTokens = 3, NumBeams = 2, EosTokenIds = [.. Enumerable.Range(0, 23)] };

        var error = Assert.Throws<ArgumentException>(() => TextGeneration.Generate(_model, _prompt, options));

        Assert.Contains("compares 48 continuations, but a vocabulary of 23 tokens gives only 46", error.Message);
    }

    private IEnumerable<(long[] Tokens, double LogProbability)> AllPairs()
    {
        var first = LogProbabilities(_prompt.InputIds!);
        for (var a = 0L; a < TinyGpt2.Vocabulary; a++)
        {
            var second = LogProbabilities(cat([_prompt.InputIds!, tensor(new[] { a }).view(1, 1)], 1));
            for (var b = 0L; b < TinyGpt2.Vocabulary; b++) yield return ([a, b], first[a] + (double)second[b]);
        }
    }

    private float[] LogProbabilities(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return _model.call(new ModelInputs { InputIds = tokens }).Logits![0, -1].log_softmax(0).data<float>().ToArray();
    }
}
