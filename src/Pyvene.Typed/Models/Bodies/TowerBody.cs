using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is the base of encoders that see all at once and end as their architecture says: of pictures, and of the text beside them. The residual stream behind the
/// last block is returned as it is, as the last hidden state before any norm.
/// </summary>
internal abstract class TowerBody : TransformerBody
{
    private readonly nn.Module<ModelInputs, Tensor> embeddings;
    private readonly BlockList blocks;

    /// <summary>Registers the parts that all of them have: <c>embeddings</c>, and <c>encoder</c> with the blocks.</summary>
    /// <param name="name">The class name.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="settings">The sizes and choices.</param>
    /// <param name="embeddings">Makes the residual stream before the first block, or before what <see cref="Embedded"/> calls.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="list">What the list of the blocks is called.</param>
    private protected TowerBody(
        string name, ModelConfig config, EncoderSettings settings, nn.Module<ModelInputs, Tensor> embeddings,
        IEnumerable<nn.Module<Tensor, AttentionContext, Tensor>> blocks, string list)
        : base(name, config)
    {
        (Settings, this.embeddings, this.blocks) = (settings, embeddings, new BlockList(list, blocks));
        register_module("embeddings", embeddings);
        register_module("encoder", this.blocks);
        BlockPaths = PathsIn($"encoder.{list}", this.blocks.Layers.Count);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths => ["embeddings"];

    /// <summary>Gets the sizes and choices.</summary>
    private protected EncoderSettings Settings { get; }

    internal sealed override long Width => Settings.Width;

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        var finished = BlockwisePass.Of<TransformerPass>(pass);
        using var scope = NewDisposeScope();
        var (last, pooled) = End(pass.Inputs, pass.Hidden); // [row, position, dModel], [row, dModel]
        return scope.HandOut(Output(finished, pass.Hidden, new ModelOutput { LastHiddenState = last, PoolerOutput = pooled }));
    }

    /// <summary>Ends the pass.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="hidden">The residual stream behind the last block: [row, position, dModel].</param>
    /// <returns>The last hidden state, [row, position, dModel], and what summarises it, [row, dModel], or <see langword="null"/>.</returns>
    private protected abstract (Tensor Last, Tensor? Pooled) End(ModelInputs inputs, Tensor hidden);

    /// <summary>Returns the residual stream before the first block of what the embeddings made: [row, position, dModel].</summary>
    private protected virtual Tensor Embedded(Tensor embeddings) => embeddings;

    private protected sealed override Tensor Embed(ModelInputs inputs) => Embedded(embeddings.call(inputs));

    private protected sealed override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => blocks.Layers[block];

    private protected override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden) =>
        AttentionContext.ForEncoder(inputs, hidden, AttentionMask.Open, rotary: null);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
