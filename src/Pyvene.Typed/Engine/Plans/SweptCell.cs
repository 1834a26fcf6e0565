using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what came of one cell of a sweep.</summary>
/// <param name="Index">The cell, from 0.</param>
/// <param name="Logits">The next token's logits: [batch, vocab].</param>
/// <param name="Clean">Those of the clean base: [batch, vocab].</param>
/// <param name="Receipts">What the cell's interventions did.</param>
/// <param name="IsRead">Whether the output of this cell or of one before it was seen to differ; it is looked at for <see cref="EffectCheck.Output"/>.</param>
internal readonly record struct SweptCell(int Index, Tensor Logits, Tensor Clean, IReadOnlyList<EffectReceipt> Receipts, bool IsRead);
