using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with an axis of key/value heads, of which some can be chosen. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TChosen">What the component is once they are chosen.</typeparam>
public abstract class KeyValueHeadedSite<TModel, TChosen> : Site<TModel>, IGenerative
    where TModel : IArchitecture
    where TChosen : Place
{
    private protected KeyValueHeadedSite(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns this component limited to one key/value head.</summary>
    /// <param name="head">The key/value head, from 0.</param>
    [Pure]
    public TChosen KeyValueHead(KeyValueHead head) => KeyValueHeads(head);

    /// <summary>Returns this component limited to some key/value heads.</summary>
    /// <param name="heads">The key/value heads, from 0, at least one.</param>
    [Pure]
    public TChosen KeyValueHeads(params ReadOnlySpan<KeyValueHead> heads) => KeyValueHeads(Typed.KeyValueHeads.Of(heads));

    /// <summary>Returns this component limited to key/value heads given as a value, such as those of <see cref="KeyValueHeads.PerExample"/>.</summary>
    /// <param name="heads">The key/value heads.</param>
    [Pure]
    public TChosen KeyValueHeads(KeyValueHeads heads) => Chosen(Spec with { Heads = heads.Heads });

    private protected abstract TChosen Chosen(SiteSpec spec);
}
