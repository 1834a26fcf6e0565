using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2 as a language model: Hugging Face's <c>GPT2LMHeadModel</c>.</summary>
public sealed class GPT2LMHeadModel : CausalLanguageModel
{
    private readonly GPT2Model transformer;
    private readonly nn.Module<Tensor, Tensor> lm_head;

    internal GPT2LMHeadModel(ModelConfig config, Device device)
        : base(nameof(GPT2LMHeadModel), config)
    {
        transformer = new GPT2Model(config, device);
        var settings = transformer.Settings;
        lm_head = settings.TiesHead ? new TiedLinear(transformer.wte) : new Linear(settings.Width, settings.VocabSize, hasBias: false, device);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public GPT2Config Settings => transformer.Settings;

    /// <inheritdoc/>
    public override string BlocksPath => "transformer.h";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["transformer.wte", "transformer.wpe", "transformer.drop"];

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout => GPT2Model.LayoutOf(isBare: false);

    internal override double InitialScale(string parameter) => transformer.InitialScale(parameter);

    private protected override DecoderModel Body => transformer;

    private protected override nn.Module<Tensor, Tensor> Head => lm_head;
}
