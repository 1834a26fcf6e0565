using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>What masks mean, in every decoder and every dtype.</summary>
public sealed class MaskTests : IDisposable
{
    private static readonly string[] Names = ["GPT2LMHeadModel", .. TinyModels.LanguageModelNames];

    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string, ScalarType> NamesAndTypes
    {
        get
        {
            var data = new TheoryData<string, ScalarType>();
            foreach (var name in Names)
                foreach (var dtype in new[] { ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64 }) data.Add(name, dtype);
            return data;
        }
    }

    public static TheoryData<string> Models => [.. Names];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(NamesAndTypes))]
    public void APaddedRowIsFiniteAndTheSameWhetherOrNotWeightsAreLookedAt(string name, ScalarType dtype)
    {
        using var model = Sharp(name, dtype);
        var mask = tensor(new long[,] { { 0, 0, 0, 0, 0, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1 }, { 1, 1, 0, 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0, 1, 0 } });
        var inputs = new ModelInputs
        {
            InputIds = TinyGpt2.Tokens(4, 8),
            AttentionMask = mask,
            PositionIds = name == "MptForCausalLM" ? null : (mask.cumsum(1) - 1).clamp_min(0), // it counts the mask itself, and refuses others
            OutputHiddenStates = true,
        };

        var (plain, looked) = (model.call(inputs), model.call(inputs with { OutputAttentions = true }));

        Assert.All(plain.Tensors().Concat(looked.Tensors()), tensor => Assert.True(tensor.isfinite().all().IsTrue()));
        // The rest is the sink's, and all of a query that sees no key.
        var least = name == "GptOssForCausalLM" ? 0 : 0.98;
        Assert.All(looked.Attentions!, weights => Assert.InRange(weights.to(float64).sum(-1).min().item<double>(), least, 1.02));
        Assert.All(looked.Attentions!, weights => Assert.InRange(weights.to(float64).sum(-1).max().item<double>(), least, 1.02));
        if (least == 0) Assert.All(looked.Attentions!, weights => Assert.Equal(0, weights.to(float64)[0, TensorIndex.Colon, 0].abs().max().item<double>()));
        Close.Equal(plain.Logits!.to(float32), looked.Logits!.to(float32), ToleranceOf(dtype, plain.Logits!));
    }

    [Theory]
    [MemberData(nameof(NamesAndTypes))]
    public void APaddedPromptIsThePromptAlone(string name, ScalarType dtype)
    {
        using var model = Sharp(name, dtype);
        var ids = TinyGpt2.Tokens(2, 9);
        var mask = tensor(new long[,] { { 0, 0, 0, 0, 0, 0, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1 } });
        var inputs = new ModelInputs { InputIds = ids, AttentionMask = mask, PositionIds = (mask.cumsum(1) - 1).clamp_min(0) };

        var alone = model.call(new ModelInputs { InputIds = ids.narrow(0, 0, 1).narrow(1, 6, 3) }).Logits!;

        foreach (var isSeen in new[] { false, true })
            Close.Equal(
                alone.to(float32),
                model.call(inputs with { OutputAttentions = isSeen }).Logits!.narrow(0, 0, 1).narrow(1, 6, 3).to(float32),
                ToleranceOf(dtype, alone));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ABooleanMaskForPairsIsTheAdditiveOne(string name)
    {
        using var model = Sharp(name, ScalarType.Float32);
        var seen = ones(1, 1, 6, 6, ScalarType.Bool).tril();
        seen[0, 0, 4, 1] = tensor(false);
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 6) };
        var additive = zeros(1, 1, 6, 6).masked_fill(seen.logical_not(), finfo(ScalarType.Float32).min);

        var expected = model.call(inputs with { AttentionMask = additive }).Logits!;

        Close.Equal(expected, model.call(inputs with { AttentionMask = seen }).Logits!);
        Close.Equal(expected, model.call(inputs with { AttentionMask = zeros(1, 1, 6, 6).masked_fill(seen.logical_not(), double.NegativeInfinity) }).Logits!);
        Assert.True((expected - model.call(inputs).Logits!).abs().max().item<float>() > 1e-3);
    }

    [Theory]
    [MemberData(nameof(NamesAndTypes))]
    public void AQueryThatAGivenMaskLeavesNoKeyIsFinite(string name, ScalarType dtype)
    {
        using var model = Sharp(name, dtype);
        var seen = ones(2, 1, 6, 6, ScalarType.Bool).tril();
        seen.select(2, 3).zero_();
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 6) };
        foreach (var blocked in new[] { double.NegativeInfinity, finfo(ScalarType.Float32).min })
        {
            var additive = zeros(2, 1, 6, 6).masked_fill(seen.logical_not(), blocked);
            foreach (var mask in new[] { seen, additive })
            {
                var (plain, looked) = (model.call(inputs with { AttentionMask = mask }).Logits!,
                    model.call(inputs with { AttentionMask = mask, OutputAttentions = true }).Logits!);
                Assert.True(plain.isfinite().all().IsTrue() && looked.isfinite().all().IsTrue());
                Close.Equal(plain.to(float32), looked.to(float32), ToleranceOf(dtype, plain));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void MasksThatMeanNothingAreRefused(string name)
    {
        using var model = Sharp(name, ScalarType.Float32);
        var ids = TinyGpt2.Tokens(2, 4);
        Refused("holds 2", full([2, 4], 2L));
        Refused("holds 0.5", full([2, 4], 0.5));
        Refused("Row 1 of AttentionMask holds 0 only", tensor(new long[,] { { 1, 1, 1, 1 }, { 0, 0, 0, 0 } }));
        Refused("must have the shape [2, 4]", ones([2, 5], int64));
        Refused("is of Int64", ones([2, 1, 4, 4], int64));
        Refused("holds 1 and 0 only", ones([2, 1, 4, 4]).tril());
        Refused("holds NaN or +∞", full([2, 1, 4, 4], double.NaN));
        Refused("1 or 4, 4, 4]", zeros([2, 3, 4, 4]));

        var inputs = new ModelInputs { InputIds = ids };
        var expected = model.call(inputs with { AttentionMask = tensor(new long[,] { { 1, 1, 1, 1 }, { 0, 1, 1, 1 } }) }).Logits!;
        Close.Equal(expected, model.call(inputs with { AttentionMask = tensor(new float[,] { { 1, 1, 1, 1 }, { 0, 1, 1, 1 } }) }).Logits!);
        Close.Equal(
            expected, model.call(inputs with { AttentionMask = tensor(new bool[,] { { true, true, true, true }, { false, true, true, true } }) }).Logits!);

        void Refused(string reason, Tensor mask) =>
            Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(() => model.call(new ModelInputs { InputIds = ids, AttentionMask = mask })).Message);
    }

    [Theory]
    [InlineData("MistralForCausalLM", false)]
    [InlineData("MistralForCausalLM", true)]
    [InlineData("Gemma2ForCausalLM", false)]
    [InlineData("Gemma2ForCausalLM", true)]
    public void ALongPassWithAWindowIsThePassThatShowsItsWeights(string name, bool isPadded)
    {
        using var model = TinyModels.Create(name);
        var mask = ones([2, 300], int64);
        if (isPadded) mask[0].narrow(0, 0, 70).zero_();
        var inputs = new ModelInputs
        {
            InputIds = TinyGpt2.Tokens(2, 300),
            AttentionMask = mask,
            PositionIds = (mask.cumsum(1) - 1).clamp_min(0),
            OutputHiddenStates = true,
        };

        var (plain, looked) = (model.call(inputs), model.call(inputs with { OutputAttentions = true }));

        foreach (var (left, right) in plain.HiddenStates!.Zip(looked.HiddenStates!)) Close.Equal(right, left, 1e-3);
        using var cache = new KeyValueCache();
        model.call(inputs with
        {
            InputIds = inputs.InputIds!.narrow(1, 0, 150),
            AttentionMask = mask.narrow(1, 0, 150),
            PositionIds = inputs.PositionIds!.narrow(1, 0, 150),
            Past = cache,
        });
        var rest = model.call(
            inputs with { InputIds = inputs.InputIds!.narrow(1, 150, 150), PositionIds = inputs.PositionIds!.narrow(1, 150, 150), Past = cache });
        Close.Equal(plain.Logits!.narrow(1, 150, 150), rest.Logits!, 1e-3);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void AnEncodersQueryThatSeesNoKeyIsFinite(ScalarType dtype)
    {
        using var model = ModelLoader.Create(ModelConfig.Parse(
            """{"model_type": "bert", "vocab_size": 53, "hidden_size": 16, "num_attention_heads": 4, "num_hidden_layers": 2, "intermediate_size": 24, "max_position_embeddings": 32, "initializer_range": 0.4}""", "tiny"), "BertModel", seed: 7);
        Sharpen(model, "query.weight");
        model.to(dtype);
        var pairs = ones([2, 5, 5], int64);
        pairs[0, 2].zero_();
        foreach (var mask in new[] { pairs, tensor(new long[,] { { 0, 0, 1, 1, 1 }, { 1, 1, 1, 1, 0 } }) })
        {
            var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 5), AttentionMask = mask };
            var (plain, looked) = (model.call(inputs).LastHiddenState!, model.call(inputs with { OutputAttentions = true }).LastHiddenState!);
            Assert.True(looked.isfinite().all().IsTrue());
            Close.Equal(plain.to(float32), looked.to(float32), ToleranceOf(dtype, plain));
        }
    }

    /// <summary>Returns a model whose scores are large, so that their sum with the lowest finite number of half precision overflows.</summary>
    private static PretrainedModel Sharp(string name, ScalarType dtype)
    {
        var model = name == "GPT2LMHeadModel" ? TinyGpt2.Create() : TinyModels.Create(name);
        if (dtype != ScalarType.BFloat16) Sharpen(model, name == "GPT2LMHeadModel" ? "c_attn.weight"
            : name.StartsWith("GPTNeoX", StringComparison.Ordinal) ? "query_key_value.weight"
            : "q_proj.weight");
        return (PretrainedModel)model.to(dtype);
    }

    private static void Sharpen(PretrainedModel model, string parameter)
    {
        using var quiet = no_grad();
        foreach (var (name, weight) in model.named_parameters())
            if (name.EndsWith(parameter, StringComparison.Ordinal)) weight.mul_(parameter[0] == 'q' && parameter != "query_key_value.weight" ? 12 : 4);
    }

    private static double ToleranceOf(ScalarType dtype, Tensor values) =>
        Math.Max(1, values.to(float64).abs().max().Real()) * (dtype switch { ScalarType.Float16 => 0.1, ScalarType.BFloat16 => 0.25, _ => 1e-3 });
}
