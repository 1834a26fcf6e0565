using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of bare models: embeddings, blocks of attention and MLP, a final norm where there is one, no head.</summary>
internal abstract class TransformerBody : TextBody
{
    private protected TransformerBody(string name, ModelConfig config)
        : base(name, config)
    {
    }

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

    private Tensor EmbedAlone(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(Embed(inputs)); // [batch, position, dModel]
    }
}
