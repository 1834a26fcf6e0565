namespace Pyvene.Typed.Running;

/// <summary>Is what a control did in a cell's place, in the line of the cell.</summary>
/// <param name="Values">What the metrics read: [metric][example], or, of several draws, their means: [metric][draw].</param>
/// <param name="Receipts">What the interventions did, draw by draw.</param>
internal sealed record SweepControlLine(double[][] Values, EffectReceipt[] Receipts);
