using System.ComponentModel;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a place of a model that an intervention can act on: a component, and in it heads, positions and features. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the place belongs to; it does not fit an experiment on another.</typeparam>
public class Site<TModel>
    where TModel : IArchitecture
{
    private protected Site(SiteSpec spec) => Spec = spec;

    /// <summary>Gets the place as plain data.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SiteSpec Spec { get; }

    internal static Site<TModel> Of(SiteSpec spec) => new(spec);

    /// <summary>Returns a copy of this place that reads its source at other positions than it writes the base.</summary>
    /// <param name="positions">The positions in the source, as many as in the base.</param>
    [Pure]
    public Site<TModel> ReadAt(Positions positions) => new(Spec with { ReadAt = positions });

    /// <inheritdoc cref="ReadAt(Positions)"/>
    /// <param name="text">The text whose last token is meant; it must occur once in the source.</param>
    [Pure]
    public Site<TModel> ReadAt(string text) => ReadAt(Positions.OfText(text));

    /// <summary>Returns a copy of this place limited to a range of features of the last axis.</summary>
    /// <param name="range">The features, half-open, counted from the start, as in <c>0..64</c>.</param>
    [Pure]
    public Site<TModel> Features(Range range) => new(Spec with { Features = Typed.Features.In(range) });

    /// <summary>Returns a copy of this place limited to features of the last axis.</summary>
    /// <param name="features">The features.</param>
    [Pure]
    public Site<TModel> Features(Features features) => new(Spec with { Features = features });

    /// <summary>Returns a copy of this place that says when in a generation it is acted on: the prompt, every generated token, or chosen ones.</summary>
    /// <param name="steps">The steps, such as <see cref="Steps.Each"/>. Chosen positions are those of the prompt.</param>
    [Pure]
    public Site<TModel> During(Steps steps) => new(Spec with { During = steps });

    /// <summary>Returns a copy of this place that reads another source than the first.</summary>
    /// <typeparam name="TOrdinal">Which source, see <see cref="Source"/>.</typeparam>
    /// <param name="source">The source, such as <see cref="Source.Second"/>.</param>
    [Pure]
    public SourcedSite<TModel, TOrdinal> From<TOrdinal>(TOrdinal source)
        where TOrdinal : struct, ISourceOrdinal => new(Spec);

    /// <inheritdoc/>
    public override string ToString() => Spec.ToString();
}
