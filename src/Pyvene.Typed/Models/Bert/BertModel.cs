// Reproduces transformers 4.57.6, models/bert/modeling_bert.py (BertModel), with eager attention's numbers.
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is BERT without a head: Hugging Face's <c>BertModel</c>. Source: Devlin et al., BERT, 2018.</summary>
internal sealed class BertModel : TransformerBody
{
    private readonly BertEmbeddings embeddings;
    private readonly BertEncoder encoder;
    private readonly BertPooler? pooler;
    private readonly BertSettings settings;

    /// <summary>Builds the model.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="device">The device of its unwritten parameters.</param>
    /// <param name="hasPooler">Whether it summarises texts by their first position, as all but the model under the masked-token head do.</param>
    public BertModel(ModelConfig config, Device device, bool hasPooler = true)
        : base(nameof(BertModel), config)
    {
        settings = new BertSettings(config);
        embeddings = new BertEmbeddings(settings, device);
        encoder = new BertEncoder(settings, device);
        pooler = hasPooler ? new BertPooler(settings, device) : null;
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public BertSettings Settings => settings;

    /// <inheritdoc/>
    public override int BlockCount => encoder.layer.Count;

    /// <inheritdoc/>
    public override string BlocksPath => "encoder.layer";

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; } = ["embeddings"];

    internal override long Width => settings.Width;

    internal override long VocabSize => settings.VocabSize;

    internal override Embedding Tokens => embeddings.word_embeddings;

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass)
    {
        using var scope = NewDisposeScope();
        var last = Normalize(pass.Hidden); // [row, position, dModel]
        return scope.HandOut(Output((TransformerPass)pass, last, new ModelOutput { LastHiddenState = last, PoolerOutput = pooler is null ? null : Pool(last) }));
    }

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = "bert.",
        IsBare = isBare,
        IgnoredEndings = pooler is null ? [".position_ids", "cls.seq_relationship.weight", "cls.seq_relationship.bias", "pooler.dense.weight", "pooler.dense.bias"] : [".position_ids"],
        RenamedEndings = new Dictionary<string, string> { [".gamma"] = ".weight", [".beta"] = ".bias", ["cls.predictions.decoder.bias"] = "cls.predictions.bias" },
        Tied = new Dictionary<string, string> { ["cls.predictions.decoder.weight"] = "bert.embeddings.word_embeddings.weight" },
    };

    /// <summary>Returns the residual stream as it is: the last block ends with a norm of its own.</summary>
    internal override Tensor Normalize(Tensor hidden) => hidden.alias();

    /// <summary>Summarises texts by their first position: [row, dModel].</summary>
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
        if (inputs.HeadMask is { } given && !(given.dim() == 1 && given.shape[0] == heads) && !(given.dim() == 2 && given.shape[0] == layers && given.shape[1] == heads))
        {
            throw new ArgumentException($"HeadMask must have the shape [{heads}] or [{layers}, {heads}], but has [{string.Join(", ", given.shape)}].", nameof(inputs));
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
}
