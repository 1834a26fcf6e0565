using Pyvene.Typed.Interventions.Trainable;
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

        /// <summary>Gets what the module is given in the lane, for an adaptor; else null.</summary>
        public ModuleInput? Input { get; } = Intervention.Spec.Intervention.Adapts ? new() : null;

        /// <summary>Gets this step, and the one that looks at the module's input where it is needed.</summary>
        public IEnumerable<LaneStep> Steps => Input is null ? [this] : [new Look(Intervention, Input, Positions), this];
    }

    /// <summary>Looks at what a module is given, for the edit of its output.</summary>
    internal sealed record Look(BoundIntervention Intervention, ModuleInput Input, PositionChoice Positions)
        : LaneStep(Intervention, Intervention.ReadPoint, Positions);

    /// <summary>Keeps values for the user.</summary>
    internal sealed record Keep(BoundIntervention Intervention, ValueSlot Slot, Receipt Receipt, PositionChoice Positions)
        : LaneStep(Intervention, Intervention.Point, Positions)
    {
        /// <summary>Gets what computes the values that are kept from those at the place; null = those at the place are.</summary>
        public Learned? Inside { get; } = Intervention.Spec.Intervention as Learned;
    }
}
