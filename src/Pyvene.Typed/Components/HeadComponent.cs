using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with one vector a query head and position: [batch, head, position, dHead]. By itself it means all heads at all positions.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class HeadComponent<TModel> : HeadComponent<TModel, QueryHead>
    where TModel : IArchitecture
{
    /// <inheritdoc cref="HeadComponent{TModel, TIndex}(string, int?)"/>
    public HeadComponent(string component, int? layer = null)
        : base(component, layer)
    {
    }

    /// <inheritdoc cref="HeadComponent{TModel, TIndex}(SiteSpec)"/>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public HeadComponent(SiteSpec spec)
        : base(spec)
    {
    }
}
