using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component limited to some of its heads, at all positions unless some are chosen: [batch, head, position, dHead]. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class HeadSelection<TModel> : Site<TModel>, IPositional<TModel>
    where TModel : IArchitecture
{
    internal HeadSelection(SiteSpec spec)
        : base(spec)
    {
    }
}
