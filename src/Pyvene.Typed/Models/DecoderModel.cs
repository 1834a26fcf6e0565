using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of bare decoders: embeddings, blocks of causal attention and MLP, a final norm, no head.</summary>
public abstract class DecoderModel : BlockwiseModel
{
    private protected DecoderModel(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        CheckInputs(inputs);
        using var scope = NewDisposeScope();
        var hidden = scope.HandOut(Embed(inputs));
        return new DecoderPass(inputs, hidden, AttentionContext.ForDecoder(inputs, hidden, scope));
    }

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block)
    {
        var decoding = (DecoderPass)pass;
        decoding.HiddenStates?.Add(pass.Hidden.alias());
        using var scope = NewDisposeScope();
        pass.Hidden = scope.HandOut(Block(block).call(pass.Hidden, decoding.Attention));
        if (decoding.Attention.Weights is { Count: > 0 } weights)
        {
            scope.HandOut(weights[^1]);
        }
    }

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        using var scope = NewDisposeScope();
        var last = Normalize(pass.Hidden); // [row, position, dModel]
        return scope.HandOut(Output((DecoderPass)pass, last, new ModelOutput { LastHiddenState = last }));
    }

    /// <summary>Checks the arguments of a forward pass.</summary>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    private protected abstract void CheckInputs(ModelInputs inputs);

    /// <summary>Computes the residual stream before block 0: [batch, position, dModel].</summary>
    private protected abstract Tensor Embed(ModelInputs inputs);

    /// <summary>Returns a block.</summary>
    private protected abstract nn.Module<Tensor, AttentionContext, Tensor> Block(int block);

    /// <summary>Calls the final norm: [row, position, dModel].</summary>
    internal abstract Tensor Normalize(Tensor hidden);

    /// <summary>Completes an output with what a pass collected on its way.</summary>
    /// <param name="pass">The pass behind the last block.</param>
    /// <param name="last">The final norm's output, or <see langword="null"/> when it was not computed for every position.</param>
    /// <param name="output">The output of the head.</param>
    internal static ModelOutput Output(DecoderPass pass, Tensor? last, ModelOutput output) => new()
    {
        Logits = output.Logits,
        Loss = output.Loss,
        LastHiddenState = output.LastHiddenState,
        HiddenStates = pass.HiddenStates is null || last is null ? null : [.. pass.HiddenStates, last.alias()],
        Attentions = pass.Attention.Weights,
        Past = pass.Attention.Cache,
    };
}
