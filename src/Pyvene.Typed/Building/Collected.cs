using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is the handle of a collecting step: the result of a run of its experiment is indexed with it.</summary>
/// <typeparam name="TModel">The architecture of the experiment.</typeparam>
public sealed class Collected<TModel>
    where TModel : IArchitecture
{
    internal Collected(string name, string place)
    {
        Name = name;
        Place = place;
    }

    /// <summary>Gets the name of the step in the configuration, such as <c>collect_0</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the place that is collected, in words.</summary>
    public string Place { get; }
}
