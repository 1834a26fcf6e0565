using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using LayerNorm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models.GptNeoX;

/// <summary>Is GPT-NeoX without a head: Hugging Face's <c>GPTNeoXModel</c>.</summary>
internal sealed class GPTNeoXModel : DecoderModel
{
    private readonly Embedding embed_in;
    private readonly Dropout emb_dropout;
    private readonly ModuleList<GPTNeoXLayer> layers;
    private readonly LayerNorm final_layer_norm;
    private readonly DecoderSettings settings;

    public GPTNeoXModel(DecoderArchitecture architecture, DecoderSettings settings, Device device)
        : base(architecture, settings.Source)
    {
        this.settings = settings;
        embed_in = new Embedding(settings.VocabSize, settings.Width, device);
        emb_dropout = nn.Dropout(settings.HiddenDropout);
        layers = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(layer => new GPTNeoXLayer(settings, layer, device))]);
        final_layer_norm = new LayerNorm(settings.Width, settings.NormEpsilon, device);
        Rotary = new RotaryEmbedding(settings.Rotary);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int BlockCount => layers.Count;

    /// <inheritdoc/>
    public override string BlocksPath => "layers";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["embed_in", "emb_dropout"];

    internal override long Width => settings.Width;

    internal override long VocabSize => settings.VocabSize;

    internal override Embedding Tokens => embed_in;

    internal override string TokensName => "embed_in";

    private protected override CausalRule Masking => CausalRule.Plain;

    private protected override RotaryEmbedding Rotary { get; }

    internal override Tensor Normalize(Tensor hidden) => final_layer_norm.call(hidden);

    private protected override void CheckInputs(ModelInputs inputs) => InputCheck.Check(inputs, VocabSize, Width, heads: settings.HeadCount);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => layers[block];

    private protected override Tensor Embed(ModelInputs inputs) => emb_dropout.call(inputs.InputsEmbeds ?? embed_in.call(inputs.InputIds!)); // [batch, position, dModel]
}
