namespace Pyvene.Typed.Engine;

/// <summary>Is one thing that happens to a lane's rows at a hook point.</summary>
/// <param name="Intervention">The intervention.</param>
/// <param name="Point">Where it happens.</param>
/// <param name="Columns">The columns of the lane's batch that are meant, one list a row; null = all.</param>
internal abstract record LaneStep(BoundIntervention Intervention, HookPoint Point, long[][]? Columns)
{
    /// <summary>Reads the values of a source run and keeps them for the lanes that need them.</summary>
    internal sealed record Read(BoundIntervention Intervention, ValueSlot Slot, long[][]? Columns) : LaneStep(Intervention, Intervention.ReadPoint, Columns);

    /// <summary>Replaces values, with those of a slot or a constant as the source.</summary>
    internal sealed record Edit(BoundIntervention Intervention, ValueSlot? Slot, Receipt Receipt, long[][]? Columns) : LaneStep(Intervention, Intervention.Point, Columns);

    /// <summary>Keeps values for the user.</summary>
    internal sealed record Keep(BoundIntervention Intervention, ValueSlot Slot, Receipt Receipt, long[][]? Columns) : LaneStep(Intervention, Intervention.Point, Columns);
}
