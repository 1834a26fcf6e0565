using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is a bare encoder of BERT's kind, in which every position sees every other one: embeddings, blocks, and what summarises a text where there is such a
/// part.
/// </summary>
internal sealed class Encoder : TransformerBody
{
    private readonly nn.Module<ModelInputs, Tensor> embeddings;
    private readonly BlockList encoder;
    private readonly nn.Module<Tensor, Tensor>? pooler;
    private readonly EncoderSettings settings;
    private readonly Func<Embedding> tokens; // a function, because a field of the embedding would register it here a second time

    public Encoder(
        string name,
        EncoderSettings settings,
        nn.Module<ModelInputs, Tensor> embeddings,
        Embedding tokens,
        Func<int, nn.Module<Tensor, AttentionContext, Tensor>> createBlock,
        nn.Module<Tensor, Tensor>? pooler)
        : base(name, settings.Source)
    {
        (this.settings, this.embeddings, this.tokens, this.pooler) = (settings, embeddings, () => tokens, pooler);
        encoder = new BlockList(Enumerable.Range(0, settings.LayerCount).Select(createBlock));
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public EncoderSettings Settings => settings;

    /// <inheritdoc/>
    public override int BlockCount => encoder.layer.Count;

    /// <inheritdoc/>
    public override string BlocksPath => "encoder.layer";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["embeddings"];

    internal override long Width => settings.Width;

    internal override long VocabSize => settings.VocabSize;

    internal override Embedding Tokens => tokens();

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass)
    {
        var finished = BlockwisePass.Of<TransformerPass>(pass);
        using var scope = NewDisposeScope();
        var last = Normalize(pass.Hidden); // [row, position, dModel]
        return scope.HandOut(Output(finished, last, new ModelOutput { LastHiddenState = last, PoolerOutput = pooler?.call(last) }));
    }

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = "bert.",
        IsBare = isBare,
        IgnoredEndings = pooler is null
            ? [".position_ids", "cls.seq_relationship.weight", "cls.seq_relationship.bias", "pooler.dense.weight", "pooler.dense.bias"]
            : [".position_ids"],
        RenamedEndings =
            new Dictionary<string, string> { [".gamma"] = ".weight", [".beta"] = ".bias", ["cls.predictions.decoder.bias"] = "cls.predictions.bias" },
        Tied = new Dictionary<string, string> { ["cls.predictions.decoder.weight"] = "bert.embeddings.word_embeddings.weight" },
    };

    /// <summary>Returns the residual stream as it is: the last block ends with a norm of its own.</summary>
    internal override Tensor Normalize(Tensor hidden) => hidden.alias();

    /// <summary>Summarises texts: [row, dModel].</summary>
    /// <param name="hidden">The last residual stream: [row, position, dModel].</param>
    internal Tensor Pool(Tensor hidden) => pooler!.call(hidden);

    private protected override void CheckInputs(ModelInputs inputs)
    {
        InputCheck.Check(inputs, settings.VocabSize, settings.Width, settings.PositionCount, settings.SegmentCount, isEncoder: true);
        if (inputs.Past is not null)
        {
            throw new ArgumentException("BERT sees all positions at once and continues no cache; leave Past out.", nameof(inputs));
        }

        var (layers, heads) = (settings.LayerCount, settings.HeadCount);
        if (inputs.HeadMask is { } given
            && !(given.dim() == 1 && given.shape[0] == heads)
            && !(given.dim() == 2 && given.shape[0] == layers && given.shape[1] == heads))
        {
            throw new ArgumentException(
                $"HeadMask must have the shape [{heads}] or [{layers}, {heads}], but has [{string.Join(", ", given.shape)}].", nameof(inputs));
        }
    }

    private protected override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var mask = inputs.AttentionMask is { } given ? MaskOf(given, hidden).HandOut(scope) : AttentionMask.Open;
        return AttentionContext.ForEncoder(inputs, mask);
    }

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => encoder.layer[block];

    private protected override Tensor Embed(ModelInputs inputs) => embeddings.call(inputs);

    private static AttentionMask MaskOf(Tensor given, Tensor hidden)
    {
        var shaped = given.dim() == 3 ? given.unsqueeze(1) : given.unsqueeze(1).unsqueeze(1); // [row, 1, 1 or query, key]
        return AttentionMask.Of(shaped.eq(Scalars.Of(0)), null, null, hidden.dtype);
    }

    /// <summary>Holds the blocks under Hugging Face's name; the model calls them one by one.</summary>
    private sealed class BlockList : nn.Module
    {
        public readonly ModuleList<nn.Module<Tensor, AttentionContext, Tensor>> layer;

        public BlockList(IEnumerable<nn.Module<Tensor, AttentionContext, Tensor>> blocks)
            : base("BertEncoder")
        {
            layer = nn.ModuleList([.. blocks]);
            RegisterComponents();
        }
    }
}
