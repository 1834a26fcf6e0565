using System.Text.Json.Serialization;

namespace Pyvene.Typed.Running;

/// <summary>Is a cell of a sweep as a line of its file.</summary>
/// <param name="Cell">The cell, from 0.</param>
/// <param name="Values">What the metrics read: [metric][example].</param>
/// <param name="Receipts">What the cell's interventions did.</param>
/// <param name="IsRead">Whether the output of this cell or of one before it was seen to differ.</param>
internal sealed record SweepLine(int Cell, double[][] Values, EffectReceipt[] Receipts, bool IsRead)
{
    /// <summary>Gets what every control of the sweep did in the cell's place, in their order; null = the sweep has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepControlLine[]? Controls { get; init; }
}
