namespace Pyvene.Typed.Engine;

/// <summary>Is a cell of a sweep that ran before, and is not run again.</summary>
/// <param name="Index">The cell, from 0.</param>
/// <param name="Receipts">What the cell's interventions did.</param>
/// <param name="IsRead">As in <see cref="SweptCell"/>.</param>
internal readonly record struct KeptCell(int Index, EffectReceipt[] Receipts, bool IsRead);
