using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public sealed class DecoderInputsTests : IDisposable
{
    private readonly PretrainedModel model = TinyGpt2.Create();
    private readonly Tensor ids = TinyGpt2.Tokens(2, 4);

    public void Dispose()
    {
        ids.Dispose();
        model.Dispose();
    }

    [Fact]
    public void NeitherOrBothKindsOfInputAreRefused()
    {
        Refused("neither is", new ModelInputs());
        Refused("both are", new ModelInputs { InputIds = ids, InputsEmbeds = zeros(2, 4, 16) });
    }

    [Fact]
    public void TokensOutsideTheVocabularyAreRefused()
    {
        Refused("InputIds must lie from 0 to 52, but reach from 60 to 60", new ModelInputs { InputIds = full([1, 2], 60L) });
        Refused("from 0 to 52, but reach from -1", new ModelInputs { InputIds = full([1, 2], -1L) });
    }

    [Fact]
    public void WrongShapesAreRefusedWithBothShapes()
    {
        Refused("InputIds must have the shape [batch, position]", new ModelInputs { InputIds = ids[0] });
        Refused("InputsEmbeds must have the shape [batch, position, 16]", new ModelInputs { InputsEmbeds = zeros(2, 4, 8) });
        Refused("PositionIds must have the shape [2, 4]", new ModelInputs { InputIds = ids, PositionIds = zeros(2, 3, int64) });
        Refused("TokenTypeIds must have the shape [2, 4]", new ModelInputs { InputIds = ids, TokenTypeIds = zeros(3, 4, int64) });
        Refused("AttentionMask must have the shape [2, 4]", new ModelInputs { InputIds = ids, AttentionMask = ones(2, 5) });
        Refused("additive [2, 1 or 4, 4, 4]", new ModelInputs { InputIds = ids, AttentionMask = zeros(2, 1, 4, 5) });
        Refused("Labels must have the shape [2, 4]", new ModelInputs { InputIds = ids, Labels = zeros(2, 3, int64) });
    }

    [Fact]
    public void PositionsThatTheModelDoesNotKnowAreRefused()
    {
        Refused("The model knows 32 positions, but the input has 33", new ModelInputs { InputIds = TinyGpt2.Tokens(1, 33) });
        Refused("PositionIds must lie from 0 to 31", new ModelInputs { InputIds = ids, PositionIds = ids.add(30) });
    }

    [Fact]
    public void IdsThatAreNotWholeNumbersAreRefused() => Refused("InputIds must be of dtype Int64", new ModelInputs { InputIds = ids.to(float32) });

    private void Refused(string reason, ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(() => model.call(inputs)).Message);
    }
}
