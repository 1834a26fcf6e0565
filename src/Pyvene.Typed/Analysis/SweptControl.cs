namespace Pyvene.Typed.Analysis;

/// <summary>Is what one metric read under a control.</summary>
/// <param name="Control">The control.</param>
/// <param name="Cells">Its values: [row, column], each with a number an example, or, of several draws, their means, a number a draw.</param>
/// <param name="Receipts">What every intervention of every cell and draw did.</param>
internal sealed record SweptControl(Control Control, Sample[,] Cells, IReadOnlyList<EffectReceipt> Receipts);
