using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of bare decoders, in which a position sees no later one.</summary>
internal abstract class DecoderModel : TransformerBody
{
    private readonly DecoderArchitecture architecture;

    private protected DecoderModel(DecoderArchitecture architecture, ModelConfig config)
        : base(architecture.BodyClass, config)
    {
        this.architecture = architecture;
    }

    /// <inheritdoc/>
    internal sealed override bool IsCausal => true;

    /// <summary>Gets the module name of the token embedding.</summary>
    internal abstract string TokensName { get; }

    /// <summary>Gets the bound that the logits of a head are bent towards, or <see langword="null"/>.</summary>
    internal virtual double? LogitCap => null;

    /// <summary>Gets how keys are blocked.</summary>
    private protected abstract CausalRule Masking { get; }

    /// <summary>Gets the rotary positions, or <see langword="null"/> when the architecture has none.</summary>
    private protected virtual RotaryEmbedding? Rotary => null;

    /// <inheritdoc/>
    internal sealed override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = architecture.BodyName + ".",
        IsBare = isBare,
        IgnoredEndings = architecture.IgnoredEndings,
        Tied = new Dictionary<string, string> { [architecture.HeadName + ".weight"] = $"{architecture.BodyName}.{TokensName}.weight" },
    };

    private protected sealed override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden) => AttentionContext.ForDecoder(inputs, hidden, Masking, Rotary);
}
