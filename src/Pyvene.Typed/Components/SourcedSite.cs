using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a place together with the source that it reads; what <c>From(Source.Second)</c> returns. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the place belongs to.</typeparam>
/// <typeparam name="TOrdinal">Which source is read.</typeparam>
public sealed class SourcedSite<TModel, TOrdinal> : ISourcedSite
    where TModel : IArchitecture
    where TOrdinal : struct, ISourceOrdinal
{
    internal SourcedSite(SiteSpec spec, TOrdinal source)
    {
        Spec = spec;
        Source = source;
    }

    /// <summary>Gets the place as plain data.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SiteSpec Spec { get; }

    /// <summary>Gets which source is read.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public TOrdinal Source { get; }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SourcedSite<TModel, TOrdinal> other && Spec == other.Spec && Source.Equals(other.Source);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Spec, Source);

    /// <inheritdoc/>
    public override string ToString() => $"{Spec} from source {Source.Index}";
}
