using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is the handle of a step's constant: <c>experiment.With(handle, value)</c> is the same experiment with another.</summary>
/// <typeparam name="TModel">The architecture of the experiment.</typeparam>
public sealed class Constant<TModel>
    where TModel : IArchitecture
{
    internal Constant(int step, string place)
    {
        Step = step;
        Place = place;
    }

    /// <summary>Gets the place that the step acts on, in words.</summary>
    public string Place { get; }

    /// <summary>Gets the step's place in the experiment.</summary>
    internal int Step { get; }
}
