using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of bare models: embeddings, blocks of attention and MLP, a final norm where there is one, no head.</summary>
internal abstract class TransformerBody : BlockwiseModel
{
    private protected TransformerBody(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <inheritdoc/>
    internal sealed override CheckpointLayout CheckpointLayout => LayoutOf(isBare: true);

    /// <summary>Gets the width of token embeddings and of what heads read: dModel, but in OPT.</summary>
    internal abstract long Width { get; }

    /// <summary>Gets the number of tokens.</summary>
    internal abstract long VocabSize { get; }

    /// <summary>Gets the token embedding, which a tied head shares.</summary>
    internal abstract Layers.Embedding Tokens { get; }

    /// <summary>Gets the bound that the logits of a head are bent towards, or <see langword="null"/>.</summary>
    internal virtual double? LogitCap => null;

    /// <summary>Gets the experts of its blocks, or <see langword="null"/>.</summary>
    internal virtual ExpertSettings? Experts => null;

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        CheckInputs(inputs);
        var hidden = EmbedAlone(inputs);
        return new TransformerPass(inputs, hidden, CreateContext(inputs, hidden));
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => CheckInputs(inputs);

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block)
    {
        var running = BlockwisePass.Of<TransformerPass>(pass);
        running.HiddenStates?.Add(pass.Hidden.alias());
        using var scope = NewDisposeScope();
        pass.Hidden = scope.HandOut(Block(block).call(pass.Hidden, running.Attention));
        if (running.Attention.Weights is { Count: > 0 } weights)
        {
            scope.HandOut(weights[^1]);
        }

        if (running.Attention.RouterScores is { Count: > 0 } scores)
        {
            scope.HandOut(scores[^1]);
        }
    }

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass)
    {
        var finished = BlockwisePass.Of<TransformerPass>(pass);
        using var scope = NewDisposeScope();
        var last = Normalize(pass.Hidden); // [row, position, dModel]
        return scope.HandOut(Output(finished, last, new ModelOutput { LastHiddenState = last }));
    }

    /// <summary>Returns how the architecture's checkpoints are laid out.</summary>
    /// <param name="isBare">Whether for this model itself, or for one that puts a head on it.</param>
    internal abstract CheckpointLayout LayoutOf(bool isBare);

    /// <summary>Checks the arguments of a forward pass.</summary>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    private protected abstract void CheckInputs(ModelInputs inputs);

    /// <summary>Prepares the attention of a forward pass; what it makes belongs to the current dispose scope.</summary>
    /// <param name="inputs">The arguments, checked.</param>
    /// <param name="hidden">The embeddings: [batch, position, dModel].</param>
    private protected abstract AttentionContext CreateContext(ModelInputs inputs, Tensor hidden);

    /// <summary>Computes the residual stream before block 0: [batch, position, dModel].</summary>
    private protected abstract Tensor Embed(ModelInputs inputs);

    /// <summary>Returns a block.</summary>
    private protected abstract nn.Module<Tensor, AttentionContext, Tensor> Block(int block);

    /// <summary>Calls the final norm: [row, position, dModel].</summary>
    internal abstract Tensor Normalize(Tensor hidden);

    private Tensor EmbedAlone(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(Embed(inputs)); // [batch, position, dModel]
    }

    /// <summary>Completes an output with what a pass collected on its way.</summary>
    /// <param name="pass">The pass behind the last block.</param>
    /// <param name="last">The final norm's output, or <see langword="null"/> when it was not computed for every position.</param>
    /// <param name="output">The output of the head.</param>
    internal static ModelOutput Output(TransformerPass pass, Tensor? last, ModelOutput output) => new()
    {
        Logits = output.Logits,
        Loss = output.Loss,
        LastHiddenState = output.LastHiddenState,
        PoolerOutput = output.PoolerOutput,
        HiddenStates = pass.HiddenStates is null || last is null ? null : [.. pass.HiddenStates, last.alias()],
        Attentions = pass.Attention.Weights,
        RouterLogits = pass.Attention.RouterScores is { } scores ? [.. scores.Select(block => block.flatten(0, 1))] : null,
        Named = output.Named,
        Past = pass.Attention.Cache,
    };
}
