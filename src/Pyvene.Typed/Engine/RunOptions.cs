namespace Pyvene.Typed;

/// <summary>Holds the settings of one run.</summary>
public sealed record RunOptions
{
    /// <summary>Gets whether the clean run of the base is returned too. It shares its batch with the intervened run. Default: false.</summary>
    public bool WithClean { get; init; }

    /// <summary>Gets what happens when an intervention has no effect. Default: <see cref="EffectCheck.Throw"/>.</summary>
    public EffectCheck Effects { get; init; }

    /// <summary>Gets whether gradients are recorded through the interventions. Default: false.</summary>
    public bool Gradients { get; init; }

    /// <summary>
    /// Gets whether work is shared where that is exact: equal sources run once, base and sources are one batch, a source stops behind the last block that is read, and the intervened
    /// run starts from the clean prefix. Default: true; false runs everything by itself, from the start to the end.
    /// </summary>
    public bool SharesWork { get; init; } = true;
}
