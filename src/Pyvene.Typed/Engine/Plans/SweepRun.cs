using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the result of a sweep. It owns its tensors: disposing it disposes them.</summary>
public sealed class SweepRun : IDisposable
{
    internal SweepRun(Tensor logits, Tensor cleanLogits, IReadOnlyList<IReadOnlyList<EffectReceipt>> receipts)
    {
        Logits = logits;
        CleanLogits = cleanLogits;
        Receipts = receipts;
    }

    /// <summary>Gets the next token's logits of every cell: [cell, batch, vocab].</summary>
    public Tensor Logits { get; }

    /// <summary>Gets the next token's logits of the clean base: [batch, vocab].</summary>
    public Tensor CleanLogits { get; }

    /// <summary>Gets what the interventions of every cell did.</summary>
    public IReadOnlyList<IReadOnlyList<EffectReceipt>> Receipts { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        CleanLogits.Dispose();
    }
}
