using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component at chosen positions. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class PositionedSite<TModel> : Site<TModel>, IPositioned, IGenerative
    where TModel : IArchitecture
{
    internal PositionedSite(SiteSpec spec)
        : base(spec)
    {
    }
}
