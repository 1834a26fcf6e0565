using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is a component at chosen positions, or attention weights of chosen queries, whose heads can still be chosen. By itself it means all heads. Immutable.
/// </summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class PositionedHeads<TModel> : HeadedSite<TModel, PositionedSite<TModel>>, IPositioned
    where TModel : IArchitecture
{
    internal PositionedHeads(SiteSpec spec)
        : base(spec)
    {
    }

    private protected override PositionedSite<TModel> Chosen(SiteSpec spec) => new(spec);
}
