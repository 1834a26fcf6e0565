// Reproduces transformers 4.57.6, models/gpt2/modeling_gpt2.py (GPT2Model), with eager attention's numbers.
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2 without a head: Hugging Face's <c>GPT2Model</c>.</summary>
/// <remarks>Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019.</remarks>
internal sealed class GPT2Model : DecoderModel
{
    private readonly Layers.Embedding wpe;
    private readonly Dropout drop;
    private readonly ModuleList<GPT2Block> h;
    private readonly Layers.LayerNorm ln_f;

    private readonly Layers.Embedding wte;

    public GPT2Model(DecoderArchitecture architecture, ModelConfig config, Device device)
        : base(architecture, config)
    {
        Settings = new GPT2Config(config);
        wte = new Layers.Embedding(Settings.VocabSize, Settings.Width, device);
        wpe = new Layers.Embedding(Settings.PositionCount, Settings.Width, device);
        drop = nn.Dropout(Settings.EmbeddingDropout);
        h = nn.ModuleList([.. Enumerable.Range(0, Settings.LayerCount).Select(layer => new GPT2Block(Settings, config, layer, device))]);
        ln_f = new Layers.LayerNorm(Settings.Width, Settings.NormEpsilon, device);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public GPT2Config Settings { get; }

    internal override long Width => Settings.Width;

    internal override long VocabSize => Settings.VocabSize;

    internal override Layers.Embedding Tokens => wte;

    internal override string TokensName => "wte";

    private protected override CausalRule Masking => CausalRule.Gpt2;

    /// <inheritdoc/>
    public override int BlockCount => h.Count;

    /// <inheritdoc/>
    public override string BlocksPath => "h";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["wte", "wpe", "drop"];

    /// <summary>Returns the factor that keeps the residual stream's variance as blocks add up: 1/√(2 · blocks) for the maps that write into it.</summary>
    internal override double InitialScale(string parameter) => parameter.EndsWith("c_proj.weight", StringComparison.Ordinal) ? 1 / Math.Sqrt(2 * BlockCount) : 1;

    internal override Tensor Normalize(Tensor hidden) => ln_f.call(hidden);

    private protected override void CheckInputs(ModelInputs inputs) => InputCheck.Check(inputs, Settings.VocabSize, Settings.Width, Settings.PositionCount, Settings.VocabSize, Settings.HeadCount);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => h[block];

    private protected override Tensor Embed(ModelInputs inputs)
    {
        var tokens = inputs.InputsEmbeds ?? wte.call(inputs.InputIds!); // [batch, position, dModel]
        var past = inputs.Past?.Length ?? 0;
        var positions = inputs.PositionIds ?? arange(Scalars.Of(past), Scalars.Of(past + tokens.shape[1]), Scalars.Of(1), ScalarType.Int64, tokens.device).unsqueeze(0); // [batch or 1, position]
        var hidden = tokens.add(wpe.call(positions), Scalars.Of(1)); // [batch, position, dModel]
        return drop.call(inputs.TokenTypeIds is { } types ? hidden.add(wte.call(types), Scalars.Of(1)) : hidden);
    }
}
