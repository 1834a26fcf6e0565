using CsCheck;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public sealed class Gpt2Tests : IDisposable
{
    private readonly PretrainedModel model = TinyGpt2.Create();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
    }

    [Fact]
    public void ABatchIsItsRows() => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 12], Gen.Int).Holds(
        (batch, length, seed) =>
        {
            using var inner = NewDisposeScope();
            var ids = TinyGpt2.Tokens(batch, length, seed);
            var whole = Logits(new ModelInputs { InputIds = ids });
            for (var row = 0; row < batch; row++)
                Close.Equal(Logits(new ModelInputs { InputIds = ids.narrow(0, row, 1) }), whole.narrow(0, row, 1));
        },
        iter: 10);

    [Fact]
    public void LeftPaddingWithPositionsChangesNothing() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 10], Gen.Int).Holds(
        (padding, length, seed) =>
        {
            using var inner = NewDisposeScope();
            var ids = TinyGpt2.Tokens(2, length, seed);
            var mask = cat([zeros(2, padding, ScalarType.Int64), ones(2, length, ScalarType.Int64)], 1);
            var padded = new ModelInputs
            {
                InputIds = cat([zeros(2, padding, ScalarType.Int64), ids], 1),
                AttentionMask = mask,
                PositionIds = mask.cumsum(1).sub(1).clamp_min(0),
            };
            Close.Equal(Logits(new ModelInputs { InputIds = ids }), Logits(padded).narrow(1, padding, length));
        },
        iter: 10);

    [Fact]
    public void ACacheChangesNothing() => Gen.Select(Gen.Int[1, 8].Array[1, 4], Gen.Int).Holds(
        (steps, seed) =>
        {
            using var inner = NewDisposeScope();
            using var cache = new KeyValueCache();
            var ids = TinyGpt2.Tokens(2, steps.Sum(), seed);
            var parts = new List<Tensor>();
            foreach (var step in steps)
                parts.Add(Logits(new ModelInputs { InputIds = ids.narrow(1, cache.Length, step), Past = cache }));

            Close.Equal(Logits(new ModelInputs { InputIds = ids }), cat([.. parts], 1));
        },
        iter: 10);

    [Theory]
    [InlineData("GPT2LMHeadModel")]
    [InlineData("GPT2Model")]
    [InlineData("GPT2ForSequenceClassification")]
    public void BlockByBlockIsTheCall(string className)
    {
        using var other = TinyGpt2.Create(className);
        var blockwise = (IBlockwiseModel)other;
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(3, 6) };

        var pass = blockwise.Begin(inputs);
        for (var block = 0; block < blockwise.BlockCount; block++) blockwise.RunBlock(pass, block);
        var output = blockwise.Finish(pass);

        var whole = other.call(inputs);
        Close.Equal((whole.Logits ?? whole.LastHiddenState)!, (output.Logits ?? output.LastHiddenState)!, 0);
        var modules = other.named_modules().Select(item => item.name).ToHashSet();
        Assert.All(blockwise.BeginPaths.Concat(blockwise.BlockPaths), path => Assert.Contains(path, modules));
    }

    [Fact]
    public void SelectedRowsOfAPassAreTheRowsOfTheBatch()
    {
        var blockwise = (IBlockwiseModel)model;
        var mask = tensor(new long[,] { { 0, 0, 1, 1 }, { 1, 1, 1, 1 }, { 0, 1, 1, 1 } });
        var ids = TinyGpt2.Tokens(3, 4);
        var inputs = new ModelInputs
        {
            InputIds = ids,
            AttentionMask = mask,
            Labels = ids,
            OutputHiddenStates = true,
            OutputAttentions = true,
            Logits = LogitsSelection.At(tensor(new long[] { 3, 2, 1 })),
        };
        var rows = tensor(new long[] { 2, 0, 0, 1 });

        var pass = blockwise.Begin(inputs);
        blockwise.RunBlock(pass, 0);
        pass.SelectRows(rows);
        for (var block = 1; block < blockwise.BlockCount; block++) blockwise.RunBlock(pass, block);
        var selected = blockwise.Finish(pass);

        var whole = model.call(inputs);
        Close.Equal(whole.Logits!.index_select(0, rows), selected.Logits!);
        Assert.All(whole.HiddenStates!.Zip(selected.HiddenStates!), pair => Close.Equal(pair.First.index_select(0, rows), pair.Second));
        Assert.All(whole.Attentions!.Zip(selected.Attentions!), pair => Close.Equal(pair.First.index_select(0, rows), pair.Second));
        var ofRows = new ModelInputs { InputIds = ids.index_select(0, rows), Labels = ids.index_select(0, rows), AttentionMask = mask.index_select(0, rows) };
        var loss = model.call(ofRows).Loss!;
        Close.Equal(loss, selected.Loss!);
    }

    [Fact]
    public void SelectedLogitsAreThoseOfAllPositions()
    {
        var ids = TinyGpt2.Tokens(2, 6);
        var all = Logits(new ModelInputs { InputIds = ids });

        Close.Equal(all.narrow(1, 4, 2), Logits(new ModelInputs { InputIds = ids, Logits = LogitsSelection.Last(2) }));
        Close.Equal(all.narrow(1, 4, 2), Logits(new ModelInputs { InputIds = ids, Logits = LogitsSelection.Last(2), OutputHiddenStates = true }));
        var oneEach = LogitsSelection.At(tensor(new long[] { 3, 0 }));
        Close.Equal(stack([all[0, 3], all[1, 0]]).unsqueeze(1), Logits(new ModelInputs { InputIds = ids, Logits = oneEach }));
        Assert.Null(model.call(new ModelInputs { InputIds = ids, Logits = LogitsSelection.None }).Logits);
    }

    [Fact]
    public void FusedAndEagerAttentionAgree()
    {
        var mask = tensor(new long[,] { { 0, 1, 1, 1 }, { 1, 1, 1, 1 } });
        foreach (var changes in (string[])["{}", """{"scale_attn_by_inverse_layer_idx": true}""", """{"scale_attn_weights": false}""",
            """{"reorder_and_upcast_attn": true}"""])
        {
            using var other = TinyGpt2.Create(changes: changes);
            var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 4), AttentionMask = mask };
            Close.Equal(other.call(inputs).Logits!, other.call(inputs with { OutputAttentions = true }).Logits!);
        }
    }

    [Fact]
    public void TheTensorCountStaysFlat()
    {
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 6), OutputAttentions = true, OutputHiddenStates = true };
        model.call(inputs).Dispose();
        scope.DisposeEverythingBut(inputs.InputIds!);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var run = 0; run < 50; run++) model.call(inputs).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("GPT2LMHeadModel")]
    [InlineData("GPT2Model")]
    [InlineData("GPT2ForSequenceClassification")]
    public void EverythingIsMadeOnTheDeviceOfTheModel(string className)
    {
        using var other = TinyGpt2.Create(className, device: META);
        using var cache = new KeyValueCache();
        var ids = TinyGpt2.Tokens(2, 6).to(META);
        var inputs = new ModelInputs { InputIds = ids, AttentionMask = ones_like(ids), OutputAttentions = true, OutputHiddenStates = true, Past = cache };

        var output = other.call(inputs);
        other.call(new ModelInputs { InputIds = ids, Past = cache });
        other.call(new ModelInputs { InputIds = ids, PositionIds = ids });

        Assert.All(output.Tensors(), tensor => Assert.True(tensor.is_meta));
        Assert.Equal(12, cache.Length);
    }

    [Fact]
    public void AnUntiedHeadIsAWeightOfItsOwn()
    {
        using var other = TinyGpt2.Create(changes: """{"tie_word_embeddings": false}""");

        Assert.Equal([53, 16], other.get_parameter("lm_head.weight")!.shape);
        Assert.Null(model.get_parameter("lm_head.weight"));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-4)]
    [InlineData(ScalarType.BFloat16, 0.5)]
    public void ATiedHeadFollowsItsEmbeddingToAnotherDtype(ScalarType dtype, double tolerance)
    {
        using var other = TinyGpt2.Create().to(dtype);
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 5), AttentionMask = tensor(new long[,] { { 0, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1 } }) };

        var logits = other.call(inputs).Logits!;

        Assert.Equal(dtype, logits.dtype);
        Close.Equal(Logits(inputs), logits.to(ScalarType.Float32), tolerance);
    }

    [Fact]
    public void AModelOutlivesTheScopeThatItWasMadeIn()
    {
        PretrainedModel other;
        using (var inner = NewDisposeScope())
        {
            other = TinyGpt2.Create();
        }

        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 3) };
        Close.Equal(Logits(inputs), other.call(inputs).Logits!, 0);
        other.Dispose();
    }

    [Fact]
    public void TrainingDropsSomething()
    {
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 8) };
        var calm = Logits(inputs);

        model.train();

        Assert.False(calm.allclose(Logits(inputs)));
        Assert.False(calm.allclose(Logits(inputs with { OutputAttentions = true })));
    }

    [Fact]
    public void GradientsReachTheEmbeddingsThroughACache()
    {
        var embeddings = rand(1, 4, 16, requires_grad: true);
        using var cache = new KeyValueCache();

        model.call(new ModelInputs { InputsEmbeds = embeddings, Past = cache });
        model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(1, 2), Past = cache }).Logits!.sum().backward();

        Assert.True(embeddings.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void AClassifierOfSeveralRowsNeedsAPaddingToken()
    {
        using var other = TinyGpt2.Create("GPT2ForSequenceClassification", """{"pad_token_id": null}""");

        Assert.Contains("pad_token_id", Assert.Throws<ArgumentException>(() => other.call(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 3) })).Message);
        Assert.Equal([1, 2], other.call(new ModelInputs { InputIds = TinyGpt2.Tokens(1, 3) }).Logits!.shape);
    }

    private Tensor Logits(ModelInputs inputs) => model.call(inputs).Logits!;
}
