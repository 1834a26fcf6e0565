using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Gives the compiler the words for a place of another architecture: each verb once for any place, refused. Where a verb proper fits, it always fits better.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OtherArchitectures
{
    private const string Message = "This place belongs to another architecture than the experiment, or its type does not say to which. "
        + "Take it from the class that the experiment begins with, Gpt2.Experiment takes Gpt2.Layer(4).MlpOutput, and declare it as Site<Gpt2> "
        + "(Site<TModel> where the architecture is a type parameter), not as Place.";

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Zero<TModel, TSources>(this Experiment<TModel, TSources> experiment, Place site)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Collect<TModel, TSources>(this Experiment<TModel, TSources> experiment, Place site, out Collected<TModel> handle)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> CollectInside<TModel, TSources, TInside>(
        this Experiment<TModel, TSources> experiment, Place site, TInside module, out Collected<TModel> handle)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TInside : InterventionModule, IInnerSpace => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> CollectGate<TModel, TSources, TGate>(
        this Experiment<TModel, TSources> experiment, Place site, TGate module, out Collected<TModel> handle)
        where TModel : IArchitecture
        where TSources : ISourceCount
        where TGate : InterventionModule, IGate => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Place site, ConstantSource? value = null)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Add<TModel, TSources>(this Experiment<TModel, TSources> experiment, Place site, ConstantSource? value = null)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Place site, ConstantSource? value = null)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(this Experiment<TModel, TSources> experiment, Place site, Func<Tensor, Tensor> function)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Place site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    /// <summary>Is refused, see the message.</summary>
    [Obsolete(Message, error: true)]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(this Experiment<TModel, TSources> experiment, Place site, Intervention intervention)
        where TModel : IArchitecture
        where TSources : ISourceCount => throw Refused();

    private static NotSupportedException Refused() => new(Message);
}
