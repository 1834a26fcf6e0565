using Pyvene.Typed.Generation;
using Pyvene.Typed.Generation.Processors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

public sealed class LogitsProcessorTests : IDisposable
{
    private const float Gone = float.NegativeInfinity;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<LogitsProcessor, float[]> Changed => new()
    {
        // scores 1, 2, 3, 0, -1 after the tokens 4, 2, 4, 2
        { new TemperatureProcessor(0.5), [2, 4, 6, 0, -2] },
        { new TopKProcessor(2), [Gone, 2, 3, Gone, Gone] },
        { new TopKProcessor(1, atLeast: 3), [1, 2, 3, Gone, Gone] },
        { new TopPProcessor(0.6), [Gone, Gone, 3, Gone, Gone] }, // the best token alone has 0.64
        { new TopPProcessor(0.7), [Gone, 2, 3, Gone, Gone] },
        { new MinPProcessor(0.3), [Gone, 2, 3, Gone, Gone] }, // e^-1 of the best is 0.37
        { new EpsilonCutoffProcessor(0.2), [Gone, 2, 3, Gone, Gone] },
        { new RepetitionPenaltyProcessor(2), [1, 2, 1.5f, 0, -2] },
        { new NoRepeatNgramProcessor(1), [1, 2, Gone, 0, Gone] },
        { new NoRepeatNgramProcessor(2), [1, 2, 3, 0, Gone] }, // 2 was followed by 4
        { new NoRepeatNgramProcessor(3), [1, 2, 3, 0, Gone] }, // 4 2 was followed by 4
        { new MinLengthProcessor(5, [1, 9]), [1, Gone, 3, 0, -1] },
        { new MinNewTokensProcessor(2, 3, [0]), [Gone, 2, 3, 0, -1] },
        { new ForcedEosTokenProcessor(5, [3, 1]), [Gone, 0, Gone, 0, Gone] },
        { new SuppressTokensProcessor([0, 4, 77]), [Gone, 2, 3, 0, Gone] },
        { new SuppressTokensAtBeginProcessor([0], 4), [Gone, 2, 3, 0, -1] },
        { new NoBadWordsProcessor([[0], [2, 3], [4, 1], [3]], [3]), [Gone, 2, 3, Gone, -1] },
        { new SequenceBiasProcessor([new([0], 1.5), new([4, 2, 1], -3), new([2, 2, 1], 9), new([0], 2.5)]), [3.5f, -1, 3, 0, -1] },
        { new ExponentialDecayLengthPenaltyProcessor(new LengthDecay(0, 2), [1, 4], 2), [1, 8, 3, 0, 2] }, // |score| · (2² − 1) is added
    };

    public static TheoryData<LogitsProcessor> Unchanged => new(
        new TopKProcessor(5),
        new TopKProcessor(99),
        new TopPProcessor(1),
        new MinLengthProcessor(4, [1]),
        new MinNewTokensProcessor(2, 2, [1]),
        new ForcedBosTokenProcessor(1),
        new ForcedEosTokenProcessor(6, [1]), new SuppressTokensAtBeginProcessor([0], 3), new NoBadWordsProcessor([[3]], [3]), new NoRepeatNgramProcessor(6),
        new ExponentialDecayLengthPenaltyProcessor(new LengthDecay(2, 2), [1], 2),
        new SequenceBiasProcessor([new([4, 2, 4, 2, 1], 5)]),
        new InvalidValuesProcessor());

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Changed))]
    public void TinyScoresChangeAsCountedByHand(LogitsProcessor processor, float[] expected) =>
        Assert.Equal(expected, Apply(processor).Select(score => MathF.Round(score, 5)));

    [Theory]
    [MemberData(nameof(Unchanged))]
    public void NothingChangesWhereNothingApplies(LogitsProcessor processor) => Assert.Equal([1, 2, 3, 0, -1], Apply(processor));

    [Fact]
    public void TheInputsTokensAreFavouredForEveryBeamOfTheirExample()
    {
        var scores = tensor(new float[] { 1, 2, 3, -4, 1, 2, 3, -4, 1, 2, 3, -4, 1, 2, 3, -4 }).view(4, 4);
        using var input = tensor(new long[] { 0, 3, 2, 2 }).view(2, 2);

        var result = new EncoderRepetitionPenaltyProcessor(2, input).Apply(zeros(4, 1, ScalarType.Int64), scores);

        Assert.Equal([2, 2, 3, -2, 2, 2, 3, -2, 1, 2, 6, -4, 1, 2, 6, -4], result.data<float>());
    }

    [Fact]
    public void AnNgramOfTheInputIsNotCopied()
    {
        using var input = tensor(new long[] { 4, 1, 3 }).view(1, 3);

        Assert.Equal([1, 2, 3, 0, -1], Apply(new EncoderNoRepeatNgramProcessor(2, input)));
        Assert.Equal([1, Gone, 3, 0, -1], Apply(new EncoderNoRepeatNgramProcessor(2, input), 2, 4));
    }

    [Fact]
    public void AForcedTokenFollowsAPromptOfOneToken() => Assert.Equal([Gone, Gone, Gone, 0, Gone], Apply(new ForcedBosTokenProcessor(3), 7));

    [Fact]
    public void InvalidValuesBecomeFinite()
    {
        var result = new InvalidValuesProcessor().Apply(zeros(1, 1, ScalarType.Int64), tensor(new[] { float.NaN, Gone, float.PositiveInfinity, 1 }).view(1, 4));

        Assert.Equal([0, float.MinValue, float.MaxValue, 1], result.data<float>());
    }

    [Fact]
    public void ForbiddenTokensStayForbiddenThroughTheFiltersOfSampling()
    {
        var scores = tensor(new[] { Gone, 1f, 2f, Gone }).view(1, 4);

        foreach (var processor in (LogitsProcessor[])[
            new TypicalPProcessor(0.9),
            new EtaCutoffProcessor(0.1),
            new MinPProcessor(0.1),
            new TopPProcessor(0.99),
            new LogSoftmaxProcessor(),
        ])
        {
            var result = processor.Apply(zeros(1, 1, ScalarType.Int64), scores).data<float>().ToArray();
            Assert.Equal((Gone, Gone), (result[0], result[3]));
            Assert.True(float.IsFinite(result[2]), processor.ToString());
        }
    }

    [Fact]
    public void ABiasedTokenBeyondTheVocabularyIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Apply(new SequenceBiasProcessor([new([2, 5], 1)])));

        Assert.Contains("names token 5, but the model's vocabulary has 5 tokens (0 to 4)", error.Message);
    }

    private static float[] Apply(LogitsProcessor processor, params long[] tokens)
    {
        if (tokens.Length == 0) tokens = [4, 2, 4, 2];
        using var scores = tensor(new float[] { 1, 2, 3, 0, -1 }).view(1, 5);
        using var ids = tensor(tokens).view(1, tokens.Length);
        var before = LiveTensors.OfThisThread;
        var result = processor.Apply(ids, scores);

        Assert.True(LiveTensors.OfThisThread <= before + 1, "temporary tensors were left behind");
        Assert.Equal([1, 2, 3, 0, -1], scores.data<float>());
        return result.data<float>().ToArray();
    }
}
