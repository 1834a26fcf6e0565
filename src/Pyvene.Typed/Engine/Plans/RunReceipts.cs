using System.Collections;

namespace Pyvene.Typed.Engine;

/// <summary>Holds the receipts of a run, and says what there is when another one is asked for.</summary>
/// <param name="receipts">The receipts, in the order of the interventions.</param>
internal sealed class RunReceipts(IReadOnlyList<EffectReceipt> receipts) : IReadOnlyList<EffectReceipt>
{
    /// <inheritdoc/>
    public int Count => receipts.Count;

    /// <inheritdoc/>
    public EffectReceipt this[int index] => index >= 0 && index < receipts.Count ? receipts[index] : throw new ArgumentOutOfRangeException(
        nameof(index),
        index,
        receipts.Count == 0
            ? "The experiment has no steps, so the run has no receipts. Add a step, such as Zero or Interchange: every step has one, in their order."
            : $"The run has {receipts.Count} {(receipts.Count == 1 ? "receipt" : "receipts")}, one a step, counted from 0; there is no {index}.");

    /// <inheritdoc/>
    public IEnumerator<EffectReceipt> GetEnumerator() => receipts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
