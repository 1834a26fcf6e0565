using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component limited to some of its heads, at all positions unless some are chosen: [batch, head, position, dHead]. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TIndex">What the heads are counted by.</typeparam>
public sealed class HeadSelection<TModel, TIndex> : Site<TModel>, IPositional<PositionedSite<TModel>>, IHeadChoice<TIndex>, IGenerative
    where TModel : IArchitecture
    where TIndex : struct, IHeadIndex
{
    internal HeadSelection(SiteSpec spec)
        : base(spec)
    {
    }

    PositionedSite<TModel> IPositional<PositionedSite<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}
