namespace Pyvene.Typed;

/// <summary>Says what a control puts in the place of an experiment.</summary>
public enum ControlKind
{
    /// <summary>The base is its own source.</summary>
    SelfSwap,

    /// <summary>Every example reads the source of another.</summary>
    ShuffledSource,

    /// <summary>The whole component is exchanged instead of a part of it.</summary>
    FullComponent,

    /// <summary>What is changed is changed by as much, in a random direction.</summary>
    MatchedRandom,
}
