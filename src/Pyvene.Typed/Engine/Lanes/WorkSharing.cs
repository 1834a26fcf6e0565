namespace Pyvene.Typed;

/// <summary>Says which work is shared between the runs of an experiment or of a sweep. All of it is exact up to the rounding of the dtype.</summary>
[Flags]
public enum WorkSharing
{
    /// <summary>Every run by itself, from the start to the end.</summary>
    None = 0,

    /// <summary>Equal sources run once.</summary>
    EqualSources = 1,

    /// <summary>Runs of the same shape share a batch.</summary>
    Batches = 2,

    /// <summary>
    /// In a model that runs block by block, a source stops behind the last block that is read; with <see cref="Batches"/>, an intervened run starts from the
    /// clean one in the first block that it changes.
    /// </summary>
    Blocks = 4,

    /// <summary>
    /// With <see cref="Blocks"/>, in a model whose positions see no later ones: a source is computed up to the last position that is read, and a run that
    /// starts from the clean one from the first position that it changes, with the clean run's keys and values before it.
    /// </summary>
    Positions = 8,

    /// <summary>All of these.</summary>
    All = EqualSources | Batches | Blocks | Positions,
}
