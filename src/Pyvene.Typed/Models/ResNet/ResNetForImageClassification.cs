using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is ResNet as a classifier of pictures: Hugging Face's <c>ResNetForImageClassification</c>.</summary>
public sealed class ResNetForImageClassification : PretrainedModel
{
    private readonly ResNetModel resnet;
    private readonly Sequential classifier;

    internal ResNetForImageClassification(ModelConfig config, Device device)
        : base(nameof(ResNetForImageClassification), config)
    {
        resnet = new ResNetModel(config, device);
        classifier = nn.Sequential(nn.Flatten(), new Layers.Linear(Settings.HiddenSizes[^1], config.LabelCount, hasBias: true, device));
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public ResNetConfig Settings => resnet.Settings;

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "resnet." };

    /// <inheritdoc/>
    internal override bool RowsAreIndependent => !training;

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => resnet.CheckArguments(inputs);

    /// <summary>Runs the model. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">The arguments; of them <see cref="ModelInputs.PixelValues"/> is needed.</param>
    /// <returns>The output; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">The pictures are missing or have the wrong shape.</exception>
    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var output = resnet.call(inputs);
        var logits = classifier.call(output.PoolerOutput!); // [batch, label]
        return scope.HandOut(new ModelOutput
        {
            Logits = logits,
            Loss = inputs.Labels is { } labels ? Losses.Classification(logits, labels, Config.GetString("problem_type")) : null,
            HiddenStates = output.HiddenStates,
        });
    }
}
