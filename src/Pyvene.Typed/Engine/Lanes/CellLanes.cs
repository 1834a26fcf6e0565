namespace Pyvene.Typed.Engine;

/// <summary>Is where the results of one cell are found once its passes have run.</summary>
/// <param name="Base">The lane of the intervened base.</param>
/// <param name="Receipts">What every intervention did, in the order of the configuration.</param>
/// <param name="Kept">The collected values, in the order of the configuration.</param>
internal sealed record CellLanes(Lane Base, IReadOnlyList<Receipt> Receipts, IReadOnlyList<(BoundIntervention Intervention, ValueSlot Slot)> Kept);
