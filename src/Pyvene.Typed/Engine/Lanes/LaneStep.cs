using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one thing that happens to a lane's rows at a hook point.</summary>
/// <param name="Intervention">The intervention.</param>
/// <param name="Point">Where it happens.</param>
/// <param name="Positions">The positions, or time steps, that are meant in the lane's batch.</param>
internal abstract record LaneStep(BoundIntervention Intervention, HookPoint Point, PositionChoice Positions)
{
    /// <summary>Reads the values of a source run and keeps them for the lanes that need them.</summary>
    internal sealed record Read(BoundIntervention Intervention, ValueSlot Slot, PositionChoice Positions)
        : LaneStep(Intervention, Intervention.ReadPoint, Positions);

    /// <summary>Replaces values, with those of a slot or a constant as the source.</summary>
    internal sealed record Edit(BoundIntervention Intervention, ValueSlot? Slot, Receipt Receipt, PositionChoice Positions)
        : LaneStep(Intervention, Intervention.Point, Positions)
    {
        /// <summary>Gets the constant that stands in for the slot, or null.</summary>
        public Tensor? Constant { get; init; } = Intervention.Constant;
    }

    /// <summary>Keeps values for the user.</summary>
    internal sealed record Keep(BoundIntervention Intervention, ValueSlot Slot, Receipt Receipt, PositionChoice Positions)
        : LaneStep(Intervention, Intervention.Point, Positions);
}
