using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is a bare encoder, in which every position sees every other one: embeddings, blocks, a final norm and what summarises a text where there are such parts.
/// Architectures differ in the names of the parts, in their settings, and in embeddings and blocks.
/// </summary>
internal sealed class Encoder : TransformerBody
{
    private readonly EncoderArchitecture architecture;
    private readonly nn.Module<ModelInputs, Tensor> embeddings;
    private readonly BlockList blocks;
    private readonly RotaryEmbedding? rotary;

    /// <summary>Builds the model.</summary>
    /// <param name="architecture">The architecture that it belongs to.</param>
    /// <param name="config">The configuration, which the architecture's table has checked and completed.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    /// <param name="hasPooler">Whether it summarises texts by their first position.</param>
    public Encoder(EncoderArchitecture architecture, ModelConfig config, Weights weights, bool hasPooler)
        : base(architecture.BodyClass, config)
    {
        this.architecture = architecture;
        Settings = architecture.Read(config);
        var parts = architecture.Parts;
        Tokens = new Embedding(Settings.VocabSize, Settings.Width, weights);
        embeddings = architecture.CreateEmbeddings(Settings, parts, Tokens, weights);
        blocks = new BlockList(parts.Blocks, Enumerable.Range(0, Settings.LayerCount).Select(layer => architecture.CreateBlock(Settings, layer, weights)));
        if (parts.FinalNorm is { } norm)
        {
            blocks.With(norm, Settings.CreateNorm(weights));
        }

        rotary = Settings.Rotary is null ? null : new RotaryEmbedding(Settings.Rotary);
        BlockPaths = PathsIn($"{parts.Encoder}.{parts.Blocks}", blocks.Layers.Count);
        BeginPaths = [parts.Embeddings];
        register_module(parts.Embeddings, embeddings);
        register_module(parts.Encoder, blocks);
        foreach (var (name, part) in architecture.CreateReaders(Settings, weights))
        {
            register_module(name, part);
        }

        if (hasPooler)
        {
            Pooler = new Chain(
                ("first", new FirstPosition()),
                ("dense", Settings.CreateLinear(Width, weights)),
                ("activation", Activations.Create("tanh", config)));
            register_module(parts.Pooler!, Pooler);
        }
    }

    /// <summary>Gets the sizes and choices.</summary>
    public EncoderSettings Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; }

    internal override long Width => Settings.Width;

    internal override long VocabSize => Settings.VocabSize;

    // Where positions are counted from behind the padding token's id, those up to it are for no token.
    internal override long? ContextLength => Settings.PositionCount is { } count ? count - (Settings.PaddingToken + 1 ?? 0) : Config.ContextLength;

    internal override Embedding Tokens { get; }

    /// <summary>Gets what summarises texts, or <see langword="null"/>: it maps the last residual stream, [row, position, dModel], to [row, dModel].</summary>
    internal nn.Module<Tensor, Tensor>? Pooler { get; }

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass)
    {
        var finished = BlockwisePass.Of<TransformerPass>(pass);
        using var scope = NewDisposeScope();
        var last = Normalize(pass.Hidden); // [row, position, dModel]
        return scope.HandOut(Output(finished, last, new ModelOutput { LastHiddenState = last, PoolerOutput = Pooler?.call(last) }));
    }

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare)
    {
        var parts = architecture.Parts;
        string[] unpooled = Pooler is null && parts.Pooler is not null ? [$"{parts.Pooler}.dense.weight", $"{parts.Pooler}.dense.bias"] : [];
        string[] unplaced = Settings.PositionCount is null ? [$"{parts.Embeddings}.{parts.Positions}.weight"] : []; // stored all the same
        return new()
        {
            BasePrefix = parts.Body + ".",
            IsBare = isBare,
            IgnoredEndings = [".position_ids", .. architecture.IgnoredEndings, .. unpooled, .. unplaced],
            RenamedEndings = new Dictionary<string, string>
            {
                [".gamma"] = ".weight", [".beta"] = ".bias", [parts.HeadWeight.Replace("weight", "bias", StringComparison.Ordinal)] = parts.HeadBias,
            },
            Tied = new Dictionary<string, string> { [parts.HeadWeight] = $"{parts.Body}.{parts.Embeddings}.{parts.Tokens}.weight" },
        };
    }

    /// <summary>Calls the final norm; without one the residual stream is as the last block left it.</summary>
    internal override Tensor Normalize(Tensor hidden) => blocks.Norm is { } norm ? norm.call(hidden) : hidden.alias();

    private protected override void CheckInputs(ModelInputs inputs)
    {
        var counts = Settings.PaddingToken is not null && inputs.PositionIds is null;
        long? segments = architecture.Parts.Segments is null ? null : Settings.SegmentCount;
        InputCheck.Check(inputs, VocabSize, Width, counts ? null : Settings.PositionCount, segments, isEncoder: true);
        if (counts)
        {
            PaddedPositions.Check(inputs, Settings.PaddingToken!.Value, Settings.PositionCount!.Value);
        }

        if (inputs.Past is not null)
        {
            throw new ArgumentException("An encoder sees all positions at once and continues no cache; leave Past out.", nameof(inputs));
        }

        if (Settings.Rotary is not null && inputs.PositionIds is not null)
        {
            throw new ArgumentException("The model turns queries and keys by their places in the text; leave PositionIds out.", nameof(inputs));
        }

        InputCheck.CheckHeadMask(inputs.HeadMask, nameof(inputs.HeadMask), Settings.LayerCount, Settings.HeadCount);
    }

    private protected override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden) =>
        AttentionContext.ForEncoder(inputs, hidden, inputs.AttentionMask is { } given ? AttentionMask.OfKeys(given, hidden.dtype) : AttentionMask.Open, rotary);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => blocks.Layers[block];

    private protected override Tensor Embed(ModelInputs inputs) => embeddings.call(inputs);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    internal override Tensor? InitialValue(string parameter) =>
        Settings.HasSinusoids && parameter.EndsWith($"{architecture.Parts.Embeddings}.{architecture.Parts.Positions}.weight", StringComparison.Ordinal)
            ? Sinusoids(Settings.PositionCount!.Value, Width)
            : null;

    // Sines and cosines in turn: [position, dModel]
    private static Tensor Sinusoids(long count, long width)
    {
        using var scope = NewDisposeScope();
        var features = arange(Scalars.Of(0), Scalars.Of(width), Scalars.Of(1), ScalarType.Float64, CPU); // [dModel]
        var odd = features.remainder(Scalars.Of(2)); // [dModel]
        var slower = pow(10_000, features.sub(odd).div(Scalars.Of((double)width))); // [dModel]
        var turns = arange(Scalars.Of(0), Scalars.Of(count), Scalars.Of(1), ScalarType.Float64, CPU).unsqueeze(1).div(slower); // [position, dModel]
        return scope.HandOut(where(odd.eq(Scalars.Of(0)), turns.sin(), turns.cos()).to(ScalarType.Float32));
    }
}
