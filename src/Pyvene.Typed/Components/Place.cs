using System.ComponentModel;
using Pyvene.Typed.Configuration;

namespace Pyvene.Typed;

/// <summary>Is a place of a model as a value, whatever the architecture; <see cref="Site{TModel}"/> says whose. Immutable.</summary>
public abstract class Place
{
    private protected Place(SiteSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>Gets the place as plain data.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SiteSpec Spec { get; private set; }

    /// <summary>Returns whether two places are the same: of one architecture, with the same heads, positions, features and steps.</summary>
    /// <param name="left">A place.</param>
    /// <param name="right">Another one.</param>
    public static bool operator ==(Place? left, Place? right) => Equals(left, right);

    /// <summary>Returns whether two places differ.</summary>
    /// <param name="left">A place.</param>
    /// <param name="right">Another one.</param>
    public static bool operator !=(Place? left, Place? right) => !Equals(left, right);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Place other && GetType() == other.GetType() && Spec == other.Spec;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(GetType(), Spec);

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
