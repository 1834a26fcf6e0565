using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component at chosen positions whose key/value heads can still be chosen. By itself it means all of them. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class PositionedKeyValueHeads<TModel> : KeyValueHeadedSite<TModel, PositionedSite<TModel>>, IPositioned
    where TModel : IArchitecture
{
    internal PositionedKeyValueHeads(SiteSpec spec)
        : base(spec)
    {
    }

    private protected override PositionedSite<TModel> Chosen(SiteSpec spec) => new(spec);
}
