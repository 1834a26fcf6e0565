using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is a component limited to some of its key/value heads, at all positions unless some are chosen: [batch, kvHead, position, dHead]. Immutable.
/// </summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class KeyValueHeadSelection<TModel> : Site<TModel>, IPositional<PositionedSite<TModel>>, IGenerative
    where TModel : IArchitecture
{
    internal KeyValueHeadSelection(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns a copy of this place that reads other key/value heads of its source than it writes in the base.</summary>
    /// <param name="heads">The key/value heads in the source, as many as in the base.</param>
    [Pure]
    public KeyValueHeadSelection<TModel> ReadKeyValueHeads(params ReadOnlySpan<KeyValueHead> heads) => ReadKeyValueHeads(KeyValueHeads.Of(heads));

    /// <inheritdoc cref="ReadKeyValueHeads(ReadOnlySpan{KeyValueHead})"/>
    [Pure]
    public KeyValueHeadSelection<TModel> ReadKeyValueHeads(KeyValueHeads heads) => new(Spec with { ReadHeads = heads.Heads });

    PositionedSite<TModel> IPositional<PositionedSite<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}
