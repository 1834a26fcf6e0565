using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

public sealed class GenerationErrorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _model = TinyGpt2.Create();

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void PaddingOnTheRightIsRefused() => Refused(
        new ModelInputs { InputIds = Ids(2, 3), AttentionMask = tensor(new long[] { 1, 1, 1, 1, 1, 0 }).view(2, 3) },
        "Row 1 of the prompts is padded on the right, so that its next token would follow padding. Pad on the left.");

    [Fact]
    public void AMaskOfAnotherShapeIsRefused() =>
        Refused(
            new ModelInputs { InputIds = Ids(2, 3), AttentionMask = Ids(2, 4) },
            "AttentionMask must have the shape [batch, position] = [2, 3], at least one of each, but has [2, 4].");

    [Fact]
    public void AnEmptyPromptIsRefused() =>
        Refused(new ModelInputs { InputIds = Ids(1, 0) }, "InputIds must have the shape [batch, position], at least one of each, but has [1, 0].");

    [Fact]
    public void APromptOfNothingIsRefused() => Refused(new ModelInputs(), "A prompt is either InputIds or InputsEmbeds, but neither are given.");

    [Fact]
    public void TokensThatAreNoNumbersOfTokensAreRefused() => Refused(new ModelInputs { InputIds = ones(1, 2) }, "InputIds must be Int64, but are Float32.");

    [Fact]
    public void LabelsAreRefused() => Refused(new ModelInputs { InputIds = Ids(1, 2), Labels = Ids(1, 2) }, "A prompt cannot have Labels");

    [Fact]
    public void APromptWithoutRoomForATokenIsRefused() =>
        Refused(
            new ModelInputs { InputIds = Ids(1, 5) },
            "The prompt has 5 positions, which leaves no room for a token: the largest length is 5.",
            new GenerationOptions { MaxLength = 5 });

    [Fact]
    public void APromptAsLongAsTheModelIsRefused() =>
        Refused(
            new ModelInputs { InputIds = Ids(1, 48) },
            "The prompt has 48 positions, which leaves no room for a token: the largest length is 48.",
            new GenerationOptions());

    [Fact]
    public void SeveralTextsOfOneSearchAreRefused() =>
        Refused(
            new ModelInputs { InputIds = Ids(1, 2) },
            "NumReturnSequences is 2, but one search without sampling has one result.",
            new GenerationOptions { NumReturnSequences = 2 });

    [Fact]
    public void MoreTextsThanBeamsAreRefused() =>
        Refused(
            new ModelInputs { InputIds = Ids(1, 2) },
            "must not exceed NumBeams, but is 3 with 2 beams",
            new GenerationOptions { NumBeams = 2, NumReturnSequences = 3 });

    [Fact]
    public void AForcedTokenBeyondTheVocabularyIsRefused() =>
        Refused(
            new ModelInputs { InputIds = Ids(1, 1) },
            "names token 23, but the model's vocabulary has 23 tokens",
            new GenerationOptions { ForcedBosTokenId = 23 });

    [Fact]
    public void AnOptionThatReadsTokensIsRefusedForEmbeddings() => Refused(
        new ModelInputs { InputsEmbeds = ones(1, 2, 16) },
        "EncoderNoRepeatNgramSize looks at the tokens of the prompt",
        new GenerationOptions { EncoderNoRepeatNgramSize = 2 });

    [Fact]
    public void OptionsThatForbidEveryTokenAreNamedAtTheStepWhereNothingIsLeft()
    {
        var options = new GenerationOptions { DoSample = true, MaxNewTokens = 2, SuppressTokens = [.. Enumerable.Range(0, 23)] };

        var error = Assert.Throws<InterventionException>(() => TextGeneration.Generate(_model, new ModelInputs { InputIds = Ids(1, 2) }, options));

        Assert.Contains("No token can be drawn for row 0 at step 0", error.Message);
    }

    [Fact]
    public void AModelWithoutLogitsIsRefused()
    {
        using var bare = ModelLoader.Create(_model.Config, "GPT2Model");

        var error = Assert.Throws<InvalidOperationException>(() =>
            TextGeneration.Generate(bare, new ModelInputs { InputIds = Ids(1, 2) }, new GenerationOptions()));

        Assert.Contains("returned no logits", error.Message);
    }

    private static Tensor Ids(long batch, long length) => ones(batch, length, ScalarType.Int64);

    private void Refused(ModelInputs inputs, string message, GenerationOptions? options = null)
    {
        var before = LiveTensors.OfThisThread;

        var error = Assert.ThrowsAny<ArgumentException>(() => TextGeneration.Generate(_model, inputs, options ?? new GenerationOptions { MaxNewTokens = 2 }));

        Assert.Contains(message, error.Message);
        Assert.Equal(before, LiveTensors.OfThisThread);
    }
}
