using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is a bare state space model: embeddings, blocks that see earlier positions through a convolution and a recurrence, a final norm. It knows no positions, so
/// position ids change nothing.
/// </summary>
/// <remarks>Padding is seen by nobody: the rows of a padded batch have the numbers that they have alone.</remarks>
internal sealed class StateSpaceModel : TextBody
{
    private readonly StateSpaceArchitecture architecture;
    private readonly Embedding embeddings;
    private readonly ModuleList<StateSpaceBlock> layers;
    private readonly RmsNorm norm_f;

    /// <summary>Builds the model.</summary>
    /// <param name="architecture">The architecture that it belongs to.</param>
    /// <param name="config">The configuration, which the architecture has checked and completed.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    public StateSpaceModel(StateSpaceArchitecture architecture, ModelConfig config, Weights weights)
        : base(architecture.BodyClass, config)
    {
        this.architecture = architecture;
        (Width, VocabSize) = (config.Size("hidden_size"), config.Size("vocab_size"));
        embeddings = new Embedding(VocabSize, Width, weights);
        layers = nn.ModuleList(
            [.. Enumerable.Range(0, (int)config.Size("num_hidden_layers")).Select(layer => new StateSpaceBlock(architecture, config, layer, weights))]);
        BlockPaths = PathsIn(nameof(layers), layers.Count);
        norm_f = new RmsNorm(Width, config.Number("layer_norm_epsilon"), weights);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = [nameof(embeddings)];

    internal override bool IsCausal => true;

    internal override bool SharesPositions => false; // what a later position needs of the earlier ones are states

    internal override long? ContextLength => null;

    internal override long Width { get; }

    internal override long VocabSize { get; }

    internal override Embedding Tokens => embeddings;

    internal override bool HasWideLogits => true;

    /// <inheritdoc/>
    public override BlockwisePass Begin(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        CheckArguments(inputs);
        return new StateSpacePass(inputs, inputs.InputsEmbeds?.alias() ?? embeddings.call(inputs.InputIds!));
    }

    /// <inheritdoc/>
    public override void RunBlock(BlockwisePass pass, int block)
    {
        var running = BlockwisePass.Of<StateSpacePass>(pass);
        pass.Hidden = layers[block].call(pass.Hidden, running);
        running.HiddenStates?.Add(pass.Hidden.alias()); // as in transformers: behind every block, not before it
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        InputCheck.Check(inputs, VocabSize, Width);
        if (inputs.AttentionMask is { } mask && mask.dim() != 2)
        {
            throw new ArgumentException(
                $"The model has no attention whose scores a mask of [{string.Join(", ", mask.shape)}] could be added to; give AttentionMask as "
                    + "[batch, position] (1 = real, 0 = padding).",
                nameof(inputs));
        }

        if (inputs.OutputAttentions)
        {
            throw new ArgumentException("The model has no attention, so it cannot return attention weights; leave OutputAttentions out.", nameof(inputs));
        }

        _ = ModelState.Of<RecurrentState>(inputs.Past);
    }

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = StateSpaceArchitecture.Body + ".",
        IsBare = isBare,
        RenamedEndings = new Dictionary<string, string> { ["embedding.weight"] = "embeddings.weight" },
        Tied = new Dictionary<string, string> { [StateSpaceArchitecture.Head + ".weight"] = $"{StateSpaceArchitecture.Body}.{nameof(embeddings)}.weight" },
    };

    internal override IHeldNorm? FinalNorm => norm_f;

    internal override Tensor Normalize(Tensor hidden) => norm_f.call(hidden);

    internal override Tensor? InitialValue(string parameter) => architecture.InitialValue(Config, parameter);

    internal override double InitialScale(string parameter) =>
        Config.Number("initializer_range") is > 0 and var range && architecture.InitialDeviation(Config, parameter) is { } deviation ? deviation / range : 1;
}
