namespace Pyvene.Typed.Configuration;

/// <summary>Says how the sources of an experiment come together.</summary>
public enum CompositionMode
{
    /// <summary>Every source runs by itself; all edits land in the base.</summary>
    Parallel,

    /// <summary>What is read in a source is written into the next source, and from the last into the base.</summary>
    Serial,
}
