using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is a bare decoder, in which a position sees no later one: embeddings, blocks, a final norm. Architectures differ in the names of the parts, in their
/// settings, and in attention and MLP.
/// </summary>
internal sealed class Decoder : TransformerBody
{
    private readonly DecoderArchitecture architecture;
    private readonly DecoderSettings settings;
    private readonly Embedding? positions;
    private readonly Dropout? dropout;
    private readonly nn.Module<Tensor, Tensor>? embeddingNorm;
    private readonly ModuleList<DecoderBlock> blocks;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly CausalRule masking;
    private readonly IReadOnlyList<(long? Window, RotaryEmbedding Rotary)> rotaries;

    /// <summary>Builds the model.</summary>
    /// <param name="architecture">The architecture that it belongs to.</param>
    /// <param name="config">The configuration, which the architecture's table has checked and completed.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    public Decoder(DecoderArchitecture architecture, ModelConfig config, Weights weights)
        : base(architecture.BodyClass, config)
    {
        this.architecture = architecture;
        settings = architecture.Read(config);
        var parts = settings.Parts ?? architecture.Parts;
        Tokens = new Embedding(settings.VocabSize, settings.Width, weights, settings.ScalesTokens ? Math.Sqrt(settings.Width) : null);
        positions = parts.Positions is null ? null : new Embedding(settings.PositionCount!.Value, settings.Width, weights);
        dropout = parts.Dropout is null ? null : nn.Dropout(settings.EmbeddingDropout);
        embeddingNorm = parts.EmbeddingNorm is null ? null : settings.CreateNorm(weights);
        blocks = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(layer => new DecoderBlock(architecture, settings, layer, weights))]);
        norm = settings.CreateNorm(weights);
        masking = new CausalRule(settings.BlocksForGood, [.. settings.Windows.Distinct()], settings.Biases is null ? null : new LinearBiases(settings.Biases));
        rotaries = settings.CreateRotaries();
        BlockPaths = PathsIn(parts.Blocks, blocks.Count);
        BeginPaths = [.. new[] { parts.Tokens, parts.Positions, parts.Dropout, parts.EmbeddingNorm }.OfType<string>()];

        // Random weights are drawn in this order, which a seed stands for: tokens come last where positions are learnt.
        (string? Name, nn.Module? Part)[] inside =
        [
            (parts.Positions, positions), (parts.Dropout, dropout), (parts.EmbeddingNorm, embeddingNorm), (parts.Blocks, blocks), (parts.FinalNorm, norm),
        ];
        foreach (var (name, part) in positions is null ? inside.Prepend((parts.Tokens, Tokens)) : inside.Append((parts.Tokens, Tokens)))
        {
            if (name is not null)
            {
                register_module(name, part!);
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; }

    internal override bool IsCausal => true;

    internal override long Width => settings.Width;

    internal override long VocabSize => settings.VocabSize;

    internal override Embedding Tokens { get; }

    internal override double? LogitCap => settings.LogitCap;

    internal override IHeldNorm? FinalNorm => norm as IHeldNorm;

    internal override ExpertSettings? Experts => settings.Experts;

    internal override double InitialWeight => settings.NormsCountFromOne ? 0 : 1;

    /// <summary>
    /// Returns the factor that keeps the residual stream's variance as blocks add up: 1/√(2 · blocks) for the maps that write into it, where the
    /// architecture has it.
    /// </summary>
    internal override double InitialScale(string parameter) =>
        architecture.Parts.Residual is { } ending && parameter.EndsWith(ending, StringComparison.Ordinal) ? 1 / Math.Sqrt(2 * BlockCount) : 1;

    internal override bool Draws(string parameter, long axes) =>
        base.Draws(parameter, axes) || architecture.DrawnEndings.Any(ending => parameter.EndsWith(ending, StringComparison.Ordinal));

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = architecture.Parts.Body + ".",
        IsBare = isBare,
        IgnoredEndings = architecture.IgnoredEndings,
        Tied = new Dictionary<string, string> { [architecture.Parts.Head + ".weight"] = $"{architecture.Parts.Body}.{architecture.Parts.Tokens}.weight" },
    };

    internal override Tensor Normalize(Tensor hidden) => norm.call(hidden);

    private protected override void CheckInputs(ModelInputs inputs) =>
        InputCheck.Check(inputs, VocabSize, Width, settings.PositionCount, settings.SegmentCount, settings.HeadCount, hasExperts: settings.Experts is not null);

    private protected override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden) =>
        AttentionContext.ForDecoder(inputs, hidden, masking, rotaries, settings.Experts);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => blocks[block];

    private protected override Tensor Embed(ModelInputs inputs)
    {
        var hidden = inputs.InputsEmbeds?.alias() ?? Tokens.call(inputs.InputIds!); // [batch, position, dModel]
        if (settings.ScalesEmbeddings)
        {
            hidden = Embedding.Scaled(hidden, Math.Sqrt(Width)); // [batch, position, dModel]
        }

        if (positions is not null)
        {
            var past = inputs.Past?.Length ?? 0;
            // [batch or 1, position]
            var ids = inputs.PositionIds
                ?? arange(Scalars.Of(past), Scalars.Of(past + hidden.shape[1]), Scalars.Of(1), ScalarType.Int64, hidden.device).unsqueeze(0);
            hidden = hidden.add(positions.call(ids), Scalars.Of(1)); // [batch, position, dModel]
        }

        if (inputs.TokenTypeIds is { } segments)
        {
            hidden = hidden.add(Tokens.call(segments), Scalars.Of(1)); // [batch, position, dModel]
        }

        hidden = dropout is null ? hidden : dropout.call(hidden); // [batch, position, dModel]
        return embeddingNorm is null ? hidden : embeddingNorm.call(hidden);
    }

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
