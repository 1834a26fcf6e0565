using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a place of a model that an intervention can act on: a component, and in it heads, positions and features. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the place belongs to; it does not fit an experiment on another.</typeparam>
public abstract class Site<TModel> : Place
    where TModel : IArchitecture
{
    private protected Site(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns this place together with the source that is read there, where it is another than the first. It is said last.</summary>
    /// <typeparam name="TOrdinal">Which source, see <c>Source</c>.</typeparam>
    /// <param name="source">The source, such as <c>Source.Second</c>.</param>
    [Pure]
    public SourcedSite<TModel, TOrdinal> From<TOrdinal>(TOrdinal source)
        where TOrdinal : struct, ISourceOrdinal => new(Spec, source);
}
