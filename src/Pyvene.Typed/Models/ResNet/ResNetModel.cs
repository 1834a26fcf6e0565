using Pyvene.Typed.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is ResNet without a head: Hugging Face's <c>ResNetModel</c> (He et al., Deep Residual Learning for Image Recognition, 2015).</summary>
public sealed class ResNetModel : PretrainedModel
{
    private readonly ResNetEmbeddings embedder;
    private readonly ResNetEncoder encoder;
    private readonly AdaptiveAvgPool2d pooler;

    internal ResNetModel(ModelConfig config, Device device)
        : base(nameof(ResNetModel), config)
    {
        Settings = new ResNetConfig(config);
        embedder = new ResNetEmbeddings(Settings, config, device);
        encoder = new ResNetEncoder(Settings, config, device);
        pooler = nn.AdaptiveAvgPool2d(1);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public ResNetConfig Settings { get; }

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "resnet.", IsBare = true };

    /// <inheritdoc/>
    internal override bool RowsAreIndependent => !training;

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.PixelValues is not { ndim: 4 } pixels || pixels.shape[1] != Settings.ChannelCount || pixels.numel() == 0)
        {
            var found = inputs.PixelValues is { } given ? $"has [{string.Join(", ", given.shape)}]" : "is missing";
            throw new ArgumentException($"PixelValues must have the shape [batch, {Settings.ChannelCount}, height, width], at least one of each, but {found}.", nameof(inputs));
        }

        if (inputs.AttentionMask is not null)
        {
            throw new ArgumentException("A model of pictures takes no AttentionMask; leave it out.", nameof(inputs));
        }
    }

    /// <summary>Runs the model. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">The arguments; of them <see cref="ModelInputs.PixelValues"/> is needed.</param>
    /// <returns>The output; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">The pictures are missing or have the wrong shape.</exception>
    public override ModelOutput forward(ModelInputs inputs)
    {
        CheckArguments(inputs);
        using var scope = NewDisposeScope();
        var states = new List<Tensor>();
        var last = encoder.call(embedder.call(inputs.PixelValues!), states); // [batch, channel, height, width]
        return scope.HandOut(new ModelOutput
        {
            LastHiddenState = last,
            PoolerOutput = pooler.call(last), // [batch, channel, 1, 1]
            HiddenStates = inputs.OutputHiddenStates ? states : null,
        });
    }
}
