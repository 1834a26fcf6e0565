using System.ComponentModel;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Gives the compiler the words for a step that reads a source which the experiment does not have, nor can add next: each verb once for any source, refused.
/// Where a verb proper fits, it always fits better.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SkippedSources
{
    private const string Message =
        "This step reads a source beyond the next one, or its place belongs to another architecture. Sources are added in order: the first step that reads one "
            + "reads the first, then comes Source.Second; for a number that a program computes, begin with WithSources(count).";

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources>(this Experiment<TModel, TSources> experiment, ISourcedSite site)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Add<TModel, TSources>(this Experiment<TModel, TSources> experiment, ISourcedSite site)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources>(this Experiment<TModel, TSources> experiment, ISourcedSite site)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, ISourcedSite site, Intervention intervention)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, ISourcedSite site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    private static NotSupportedException Refused() => new(Message);
}
