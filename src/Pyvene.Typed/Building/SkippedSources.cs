using System.ComponentModel;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed;

/// <summary>
/// Gives the compiler the words for a step that reads a source which the experiment does not have, nor can add next: each verb once for any source, refused. A source that fits always fits the verbs proper better.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SkippedSources
{
    private const string Message = "This step reads a source beyond the next one. Sources are added in order: the first step that reads one reads the first, and Source.Second comes after it; for a number that a program computes, begin with Experiment.WithSources(count).";

    /// <summary>Is refused: a source before it is not read.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources, TOrdinal>(this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOrdinal : struct, ISourceOrdinal => throw Refused();

    /// <summary>Is refused: a source before it is not read.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Add<TModel, TSources, TOrdinal>(this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOrdinal : struct, ISourceOrdinal => throw Refused();

    /// <summary>Is refused: a source before it is not read.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources, TOrdinal>(this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOrdinal : struct, ISourceOrdinal => throw Refused();

    /// <summary>Is refused: a source before it is not read.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources, TOrdinal>(this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site, Intervention intervention)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOrdinal : struct, ISourceOrdinal => throw Refused();

    private static NotSupportedException Refused() => new(Message);
}
