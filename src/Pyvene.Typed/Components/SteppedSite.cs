using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component of a recurrent model at chosen time steps. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class SteppedSite<TModel> : Site<TModel>, IPositioned
    where TModel : IArchitecture
{
    internal SteppedSite(SiteSpec spec)
        : base(spec)
    {
    }
}
