using System.ComponentModel;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Gives the compiler the words for a step that reads a source in an experiment which may have none: each verb once for any number of sources, refused. Its
/// last parameter is never given; without an argument for it, a verb proper fits better wherever one fits.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AnyNumberOfSources
{
    private const string Message = "This step reads a source, but the experiment is over any number of sources, and so may have none. Ask for one where its "
        + "type parameter is declared, as in where TSources : IIncludes<FirstSource>, or take and return an Experiment of a known number, such as OneSource.";

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Never never = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Add<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Never never = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Never never = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Func<Tensor, Tensor, Tensor> function, Never never = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Intervention intervention, Never never = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    private static NotSupportedException Refused() => new(Message);

    /// <summary>Is the type of an argument that cannot be given, so that nothing else that is written there is taken for it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly struct Never;
}
