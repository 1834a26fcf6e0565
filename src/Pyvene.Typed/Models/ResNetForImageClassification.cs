using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is ResNet as a classifier of pictures: Hugging Face's <c>ResNetForImageClassification</c>.</summary>
internal sealed class ResNetForImageClassification : PretrainedModel
{
    private readonly ResNetModel resnet;
    private readonly Sequential classifier;

    internal ResNetForImageClassification(ModelConfig config, Weights weights)
        : base(nameof(ResNetForImageClassification), config)
    {
        resnet = new ResNetModel(config, weights);
        classifier = nn.Sequential(nn.Flatten(), new Linear(resnet.Settings.HiddenSizes[^1], config.LabelCount, hasBias: true, weights));
        RegisterComponents();
    }

    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "resnet." };

    internal override bool RowsAreIndependent => !training;

    internal override void CheckArguments(ModelInputs inputs) => resnet.CheckArguments(inputs);

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
