using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Gives the compiler the words for a place of another architecture: each verb once for places of any, refused. A place of the experiment's own architecture always fits the verbs proper better.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OtherArchitectures
{
    private const string Message = "This place belongs to another architecture than the experiment. Take it from the class that the experiment begins with: Gpt2.Experiment takes Gpt2.Layer(4).MlpOutput.";

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Zero<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Collect<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site, out Collected<TModel> handle)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site, Func<Tensor, Tensor> function)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site, Intervention intervention)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site, ConstantSource? value = null)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Add<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site, ConstantSource? value = null)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    /// <summary>Is refused: the place belongs to another architecture.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources, TOther>(this Experiment<TModel, TSources> experiment, Site<TOther> site, ConstantSource? value = null)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TOther : IArchitecture => throw Refused();

    private static NotSupportedException Refused() => new(Message);
}
