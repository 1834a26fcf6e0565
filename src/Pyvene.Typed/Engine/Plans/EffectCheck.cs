namespace Pyvene.Typed;

/// <summary>Says what a run does when an intervention had no effect.</summary>
public enum EffectCheck
{
    /// <summary>
    /// A writing intervention that changed nothing throws; the default of every run, generation and stream. A sweep throws when none of its cells has an
    /// effect.
    /// </summary>
    /// <remarks>
    /// So do, before anything runs, a source that is given and that no step reads, and a step of which another leaves nothing (in a sweep: in every cell); and
    /// a function that makes values NaN or infinite.
    /// It does not throw for an addition of zeros, noise at level 0, what learns, or says so itself
    /// (<see cref="Interventions.Intervention.MayChangeNothing"/>), nor for a step of a generation that
    /// never came: the receipt says "not reached".
    /// </remarks>
    Throw,

    /// <summary>The receipts say so and nothing of this throws.</summary>
    Report,

    /// <summary>
    /// As <see cref="Throw"/>, and an output that equals the clean run's throws too: this finds values that nothing reads. A generation is run a second time
    /// for it, without the interventions, up to the first difference.
    /// </summary>
    Output,
}
