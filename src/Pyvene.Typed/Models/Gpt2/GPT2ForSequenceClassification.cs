using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2 as a classifier of texts: Hugging Face's <c>GPT2ForSequenceClassification</c>.</summary>
public sealed class GPT2ForSequenceClassification : SequenceClassifier
{
    private readonly GPT2Model transformer;
    private readonly Linear score;

    internal GPT2ForSequenceClassification(ModelConfig config, Device device)
        : base(nameof(GPT2ForSequenceClassification), config)
    {
        transformer = new GPT2Model(config, device);
        score = new Linear(transformer.Settings.Width, LabelCount(config), hasBias: false, device);
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

    private protected override nn.Module<Tensor, Tensor> Head => score;
}
