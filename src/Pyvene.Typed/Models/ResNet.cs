using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using BatchNorm2d = Pyvene.Typed.Models.Layers.BatchNorm2d;
using Conv2d = Pyvene.Typed.Models.Layers.Conv2d;

namespace Pyvene.Typed.Models;

/// <summary>Is a convolution, a batch norm and, where there is one, an activation function.</summary>
internal sealed class ResNetConvLayer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d convolution;
    private readonly BatchNorm2d normalization;
    private readonly nn.Module<Tensor, Tensor>? activation;

    public ResNetConvLayer(long inputs, long outputs, long kernel, long stride, string? function, ModelConfig source, Weights weights)
        : base(nameof(ResNetConvLayer))
    {
        convolution = new Conv2d(inputs, outputs, kernel, stride, weights);
        normalization = new BatchNorm2d(outputs, weights);
        activation = function is null ? null : Activations.Create(function, source);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var normed = normalization.call(convolution.call(input)); // [batch, out, height / stride, width / stride]
        return scope.HandOut(activation is null ? normed : activation.call(normed));
    }
}

/// <summary>Is one of ResNet's blocks, basic or bottleneck: a branch of convolutions is added to the input, then an activation function.</summary>
internal sealed class ResNetBlock : nn.Module<Tensor, Tensor>
{
    private const string NoActivation = "linear";
    private const long Reduction = 4;

    private readonly nn.Module<Tensor, Tensor> shortcut;
    private readonly Sequential layer;
    private readonly nn.Module<Tensor, Tensor> activation;

    public ResNetBlock(ResNetSettings settings, long inputs, long outputs, long stride, Weights weights)
        : base(nameof(ResNetBlock))
    {
        shortcut = inputs != outputs || stride != 1
            ? new ResNetConvLayer(inputs, outputs, kernel: 1, stride, function: null, settings.Source, weights)
            : nn.Identity();
        layer = nn.Sequential(settings.LayerType == "basic" ? Basic() : Bottleneck());
        activation = Activations.Create(settings.ActivationFunction, settings.Source);
        RegisterComponents();

        ResNetConvLayer[] Basic() => [Convolution(inputs, outputs, 3, stride, settings.ActivationFunction), Convolution(outputs, outputs, 3, 1, NoActivation)];

        ResNetConvLayer[] Bottleneck()
        {
            var (narrow, isFirst) = (outputs / Reduction, settings.DownsamplesInBottleneck);
            return
            [
                Convolution(inputs, narrow, 1, isFirst ? stride : 1, settings.ActivationFunction),
                Convolution(narrow, narrow, 3, isFirst ? 1 : stride, settings.ActivationFunction),
                Convolution(narrow, outputs, 1, 1, NoActivation),
            ];
        }

        ResNetConvLayer Convolution(long from, long to, long kernel, long step, string function) =>
            new(from, to, kernel, step, function, settings.Source, weights);
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var branch = layer.call(input); // [batch, out, height / stride, width / stride]
        return scope.HandOut(activation.call(branch.add(shortcut.call(input), Scalars.Of(1))));
    }
}

/// <summary>Is one of ResNet's stages: a row of blocks, of which the first changes the shape.</summary>
internal sealed class ResNetStage : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public ResNetStage(ResNetSettings settings, int stage, Weights weights)
        : base(nameof(ResNetStage))
    {
        var (inputs, outputs) = (stage == 0 ? settings.EmbeddingSize : settings.HiddenSizes[stage - 1], settings.HiddenSizes[stage]);
        var stride = stage > 0 || settings.DownsamplesInFirstStage ? 2 : 1;
        layers = nn.Sequential([.. Enumerable.Range(0, (int)settings.Depths[stage]).Select(block =>
            new ResNetBlock(settings, block == 0 ? inputs : outputs, outputs, block == 0 ? stride : 1, weights))]);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input) => layers.call(input);
}

/// <summary>Is ResNet's beginning: a wide convolution and a pooling, which quarter the size.</summary>
internal sealed class ResNetEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly ResNetConvLayer embedder;
    private readonly MaxPool2d pooler;

    public ResNetEmbeddings(ResNetSettings settings, Weights weights)
        : base(nameof(ResNetEmbeddings))
    {
        embedder =
            new ResNetConvLayer(settings.ChannelCount, settings.EmbeddingSize, kernel: 7, stride: 2, settings.ActivationFunction, settings.Source, weights);
        pooler = nn.MaxPool2d(3, stride: 2, padding: 1);
        RegisterComponents();
    }

    /// <summary>Maps [batch, channel, height, width] to [batch, embedding, height / 4, width / 4].</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(pooler.call(embedder.call(pixels)));
    }
}

/// <summary>Is ResNet's stages, one after the other.</summary>
internal sealed class ResNetEncoder : nn.Module<Tensor, List<Tensor>, Tensor>
{
    private readonly ModuleList<ResNetStage> stages;

    public ResNetEncoder(ResNetSettings settings, Weights weights)
        : base(nameof(ResNetEncoder))
    {
        stages = nn.ModuleList([.. Enumerable.Range(0, settings.Depths.Count).Select(stage => new ResNetStage(settings, stage, weights))]);
        RegisterComponents();
    }

    /// <summary>Maps [batch, embedding, height, width] to the feature map behind the last stage, [batch, channel, height, width].</summary>
    /// <param name="hidden">The feature map of the embeddings.</param>
    /// <param name="states">Takes the feature map before the first stage and behind every stage; they belong to the current dispose scope.</param>
    public override Tensor forward(Tensor hidden, List<Tensor> states)
    {
        states.Add(hidden.alias());
        foreach (var stage in stages) states.Add(hidden = stage.call(hidden)); // [batch, channel, height / stride, width / stride]

        return hidden.alias();
    }
}

/// <summary>Is ResNet without a head: Hugging Face's <c>ResNetModel</c> (He et al., Deep Residual Learning for Image Recognition, 2015).</summary>
internal sealed class ResNetModel : PretrainedModel
{
    private readonly ResNetEmbeddings embedder;
    private readonly ResNetEncoder encoder;
    private readonly AdaptiveAvgPool2d pooler;

    internal ResNetModel(ModelConfig config, Weights weights)
        : base(nameof(ResNetModel), config)
    {
        Settings = new ResNetSettings(config);
        embedder = new ResNetEmbeddings(Settings, weights);
        encoder = new ResNetEncoder(Settings, weights);
        pooler = nn.AdaptiveAvgPool2d(1);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public ResNetSettings Settings { get; }

    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "resnet.", IsBare = true };

    internal override bool RowsAreIndependent => !training;

    internal override void CheckArguments(ModelInputs inputs) => PictureCheck.Check(inputs, Settings.ChannelCount);

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

/// <summary>Holds the sizes and choices of a ResNet.</summary>
/// <param name="config">The configuration, which its table has checked and completed.</param>
/// <exception cref="CheckpointException">The lists differ in length.</exception>
internal sealed class ResNetSettings(ModelConfig config)
{
    public ModelConfig Source => config;
    public long ChannelCount { get; } = config.Size("num_channels"); // of a picture
    public long EmbeddingSize { get; } = config.Size("embedding_size"); // channels behind the first convolution
    public IReadOnlyList<long> HiddenSizes { get; } = Sizes(config, "hidden_sizes"); // channels behind every stage
    public IReadOnlyList<long> Depths { get; } = Sizes(config, "depths") is var depths
        && Sizes(config, "hidden_sizes") is var sizes
        && depths.Length == sizes.Length
        ? depths // blocks of every stage
        : throw new CheckpointException(
            config.Origin, $"'hidden_sizes' and 'depths' must have one entry a stage, but have {sizes.Length} and {depths.Length}.");
    public string ActivationFunction { get; } = config.Text("hidden_act");
    public string LayerType { get; } = config.Text("layer_type"); // basic or bottleneck
    public bool DownsamplesInFirstStage { get; } = config.Flag("downsample_in_first_stage");
    public bool DownsamplesInBottleneck { get; } = config.Flag("downsample_in_bottleneck"); // in its first convolution; else in its second

    private static long[] Sizes(ModelConfig config, string field) => [.. config.GetElement(field)!.Value.EnumerateArray().Select(size => size.GetInt64())];
}

/// <summary>Lists the ResNet models.</summary>
internal static class ResNetArchitecture
{
    private const string ModelType = "resnet";
    private const long MostChannels = 1_000_000;

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
        [
            .. OfClassifiers,
            new("num_channels", Size(3, MostChannels)),
            new("embedding_size", Size(ArchitectureDescriptor.DefaultOf(ModelType, "embedding_size"), MostChannels)),
            new("hidden_sizes", Sizes([256, 512, 1024, 2048], MostChannels)),
            new("depths", Sizes([3, 4, 6, 3], MostLayers)),
            new("hidden_act", Activation("relu")),
            new("layer_type", Choice("bottleneck", "basic", "bottleneck")),
            new("downsample_in_first_stage", Flag(false)),
            new("downsample_in_bottleneck", Flag(false)),
        ],
        "out_features", "out_indices", "stage_names")
    { LayerField = "depths" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(ResNetModel), ModelType, Fields, (config, weights) => new ResNetModel(config, weights)),
        new(nameof(ResNetForImageClassification), ModelType, Fields, (config, weights) => new ResNetForImageClassification(config, weights)),
    ];
}
