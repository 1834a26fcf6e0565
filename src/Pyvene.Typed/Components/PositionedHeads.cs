using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is a component at chosen positions, or attention weights of chosen queries, whose heads can still be chosen. By itself it means all heads. Immutable.
/// </summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TIndex">What the heads are counted by.</typeparam>
public sealed class PositionedHeads<TModel, TIndex> : Site<TModel>, IHeaded<TIndex, PositionedSite<TModel>>, IPositioned, IGenerative
    where TModel : IArchitecture
    where TIndex : struct, IHeadIndex
{
    internal PositionedHeads(SiteSpec spec)
        : base(spec)
    {
    }

    PositionedSite<TModel> IHeaded<TIndex, PositionedSite<TModel>>.LimitedTo(Heads heads) => new(Spec with { Heads = heads });
}
