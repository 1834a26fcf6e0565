using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>Is a bare decoder of Llama's kind: token embeddings, blocks with rotary positions, a final norm. Architectures differ in their settings and their block.</summary>
internal sealed class RotaryDecoder : DecoderModel
{
    private readonly Embedding embed_tokens;
    private readonly ModuleList<nn.Module<Tensor, AttentionContext, Tensor>> layers;
    private readonly RmsNorm norm;
    private readonly DecoderSettings settings;

    /// <summary>Builds the model.</summary>
    /// <param name="architecture">The architecture that it belongs to.</param>
    /// <param name="settings">Its sizes and choices.</param>
    /// <param name="device">The device of its unwritten parameters.</param>
    /// <param name="createBlock">Builds the block of a layer.</param>
    public RotaryDecoder(DecoderArchitecture architecture, DecoderSettings settings, Device device, Func<int, nn.Module<Tensor, AttentionContext, Tensor>> createBlock)
        : base(architecture, settings.Source)
    {
        this.settings = settings;
        embed_tokens = new Embedding(settings.VocabSize, settings.Width, device);
        layers = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(createBlock)]);
        norm = settings.CreateNorm(device);
        Masking = new CausalRule(false, [.. settings.Windows.Distinct()]);
        Rotary = new RotaryEmbedding(settings.Rotary);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int BlockCount => layers.Count;

    /// <inheritdoc/>
    public override string BlocksPath => "layers";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["embed_tokens"];

    internal override long Width => settings.Width;

    internal override long VocabSize => settings.VocabSize;

    internal override double? LogitCap => settings.LogitCap;

    internal override Embedding Tokens => embed_tokens;

    internal override string TokensName => "embed_tokens";

    internal override double InitialWeight => settings.NormsCountFromOne ? 0 : 1;

    private protected override CausalRule Masking { get; }

    private protected override RotaryEmbedding Rotary { get; }

    internal override Tensor Normalize(Tensor hidden) => norm.call(hidden);

    private protected override void CheckInputs(ModelInputs inputs) => InputCheck.Check(inputs, VocabSize, Width, heads: settings.HeadCount);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => layers[block];

    private protected override Tensor Embed(ModelInputs inputs)
    {
        var tokens = inputs.InputsEmbeds?.alias() ?? embed_tokens.call(inputs.InputIds!); // [batch, position, dModel]
        if (!settings.ScalesEmbeddings)
        {
            return tokens;
        }

        using var scale = tensor(Math.Sqrt(Width), tokens.dtype, tokens.device); // rounded to the dtype before it is multiplied with
        return tokens.mul(scale); // [batch, position, dModel]
    }
}
