using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component of a recurrent model with one vector a time step: [batch, step, width]. By itself it means every step.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class StepComponent<TModel> : Site<TModel>
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0; <see langword="null"/> for components that exist once.</param>
    public StepComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Returns this component at time steps, such as <c>AtStep(3)</c> or <c>AtStep(0, ^1)</c>; other steps stay what they are.</summary>
    /// <param name="steps">The steps, from the start or from the end, in the order in which they are paired with the source's; padding is not counted.</param>
    [Pure]
    public SteppedSite<TModel> AtStep(params ReadOnlySpan<Index> steps) => AtStep(Positions.Of(steps));

    /// <summary>Returns this component at a range of time steps, such as <c>AtStep(1..4)</c>.</summary>
    /// <param name="steps">The steps, half-open.</param>
    [Pure]
    public SteppedSite<TModel> AtStep(Range steps) => AtStep(Positions.In(steps));

    /// <summary>Returns this component at time steps given as a value, such as those of <see cref="Positions.PerExample"/>.</summary>
    /// <param name="steps">The steps.</param>
    [Pure]
    public SteppedSite<TModel> AtStep(Positions steps) => new(Spec with { At = steps });
}
