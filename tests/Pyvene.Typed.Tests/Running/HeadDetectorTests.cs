using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Descriptors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Scores of heads, compared with sums over their attention weights that are written out.</summary>
public sealed class HeadDetectorTests
{
    private static readonly int[][] Examples = [[5, 9, 14, 5, 9, 5], [7, 11, 7]];

    public static TheoryData<HeadPattern> Patterns => [.. Enum.GetValues<HeadPattern>()];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void AScoreIsTheMeanWeightThatLiesWhereThePatternSays(HeadPattern pattern)
    {
        using var model = new LanguageModel<Gpt2>(ShippedModels.Create("gpt2", "GPT2LMHeadModel"), null);
        var scores = model.HeadScores(pattern, Prompt.OfTokens(Examples));
        Assert.Equal((2, 4), (scores.LayerCount, scores.HeadCount));
        var expected = new List<double>();
        foreach (var ids in Examples)
        {
            // Each prompt alone, so that padding has no say.
            using var run = model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(1).AttentionWeight, out var weights), Prompt.OfTokens([ids]));
            using var own = run[weights][0, 2]; // [query, key]
            for (var query = 1; query < ids.Length; query++)
            {
                int[] keys = pattern switch
                {
                    HeadPattern.PreviousToken => [query - 1],
                    HeadPattern.AttentionToFirst => [0],
                    HeadPattern.DuplicateToken => [.. Enumerable.Range(0, query).Where(key => ids[key] == ids[query])],
                    _ => [.. Enumerable.Range(0, query - 1).Where(key => ids[key] == ids[query]).Select(key => key + 1)],
                };
                if (keys.Length > 0) expected.Add(keys.Sum(key => (double)own[query, key].item<float>()));
            }
        }

        Assert.Equal(expected.Average(), scores[1, 2], 1e-5);
        Assert.All(scores.ToArray().Cast<double>(), score => Assert.InRange(score, 0, 1.0001));
    }

    [Fact]
    public void HeadsAreListedByTheirScores()
    {
        var scores = Primer.Model.HeadScores(HeadPattern.PreviousToken);
        var best = scores.Highest(3);
        Assert.Equal(3, best.Count);
        Assert.True(best[0].Score >= best[1].Score);
        Assert.Equal(best[0].Score, scores[best[0].Layer, best[0].Head]);
        Assert.StartsWith("attention to the previous token", scores.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RandomTokensAreRepeatedOnceAndNeverWithinAHalf()
    {
        var prompts = Primer.Model.RepeatedTokens(length: 10, count: 3, seed: 4);
        Assert.Equal(3, prompts.Count);
        Assert.All(prompts.TokenIds, ids =>
        {
            Assert.Equal(ids[..10].AsEnumerable(), ids[10..]);
            Assert.Equal(10, ids[..10].Distinct().Count());
        });
        Assert.Equal(prompts.TokenIds[1].AsEnumerable(), Primer.Model.RepeatedTokens(length: 10, count: 3, seed: 4).TokenIds[1]);
        Assert.NotEqual(prompts.TokenIds[1].AsEnumerable(), Primer.Model.RepeatedTokens(length: 10, count: 3, seed: 5).TokenIds[1]);
    }

    [Fact]
    public void PromptsOfWhichThePatternSaysNothingAreRefused()
    {
        using var model = new LanguageModel(ShippedModels.Create("gpt2", "GPT2LMHeadModel"), null);
        foreach (var pattern in new[] { HeadPattern.Induction, HeadPattern.DuplicateToken })
        {
            var error = Assert.Throws<InterventionException>(() => model.HeadScores(pattern, Prompt.OfTokens([[1, 2, 3]])));
            Assert.Contains("model.RepeatedTokens()", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<InterventionException>(() => model.HeadScores(HeadPattern.PreviousToken, Prompt.OfTokens([[1]])));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.HeadScores((HeadPattern)9));
        using var mamba = new LanguageModel(ShippedModels.Create("mamba", "MambaForCausalLM"), null);
        Assert.Contains(
            "'mamba' has no component attention_weight",
            Assert.Throws<InterventionException>(() => mamba.HeadScores(HeadPattern.Induction)).Message,
            StringComparison.Ordinal);
    }
}
