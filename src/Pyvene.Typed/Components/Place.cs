using System.ComponentModel;
using Pyvene.Typed.Configuration;

namespace Pyvene.Typed;

/// <summary>Is a place of a model as a value, whatever the architecture; <see cref="Site{TModel}"/> says whose. Immutable.</summary>
public abstract class Place
{
    private protected Place(SiteSpec spec) => Spec = spec;

    /// <summary>Gets the place as plain data.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SiteSpec Spec { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => Spec.ToString();

    /// <summary>Returns a copy of the same type with other data.</summary>
    internal static TPlace With<TPlace>(TPlace place, SiteSpec spec)
        where TPlace : Place
    {
        var copy = (TPlace)place.MemberwiseClone();
        copy.Spec = spec;
        return copy;
    }
}
