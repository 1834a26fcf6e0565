namespace Pyvene.Typed;

/// <summary>Says what a run does when an intervention had no effect.</summary>
public enum EffectCheck
{
    /// <summary>A writing intervention that changed nothing throws; the default of a single run.</summary>
    Throw,

    /// <summary>The receipts say so and nothing throws; sweeps use this, as an empty cell is a result.</summary>
    Report,

    /// <summary>As <see cref="Throw"/>, and an output that equals the clean run's throws too: this finds values that nothing reads.</summary>
    Output,
}
