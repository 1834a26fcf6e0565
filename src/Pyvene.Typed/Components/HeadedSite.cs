using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with an axis of query heads, of which some can be chosen. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TChosen">What the component is once they are chosen.</typeparam>
public abstract class HeadedSite<TModel, TChosen> : Site<TModel>, IGenerative
    where TModel : IArchitecture
    where TChosen : Place
{
    private protected HeadedSite(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns this component limited to one head.</summary>
    /// <param name="head">The head, from 0.</param>
    [Pure]
    public TChosen Head(QueryHead head) => Heads(head);

    /// <summary>Returns this component limited to some heads.</summary>
    /// <param name="heads">The heads, from 0, at least one.</param>
    [Pure]
    public TChosen Heads(params ReadOnlySpan<QueryHead> heads) => Heads(Typed.Heads.Of(heads));

    /// <summary>Returns this component limited to heads given as a value, such as those of <see cref="Heads.PerExample"/>.</summary>
    /// <param name="heads">The heads.</param>
    [Pure]
    public TChosen Heads(Heads heads) => Chosen(Spec with { Heads = heads.Given() });

    private protected abstract TChosen Chosen(SiteSpec spec);
}
