using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed;

/// <content>The steps that write a constant, and other constants in their place.</content>
public sealed partial class Experiment<TModel, TSources>
{
    /// <summary>Returns a copy of this experiment that also replaces the values at a place by a constant.</summary>
    /// <param name="site">The place.</param>
    /// <param name="value">One vector for every place that is written, or a tensor of exactly the written shape.</param>
    [Pure]
    public Experiment<TModel, TSources> Interchange(Site<TModel> site, ConstantSource value) =>
        Then<TSources>(new Interchange(), site.Given().Spec, constant: value.Given());

    /// <summary>
    /// Returns a copy of this experiment that also replaces the values at a place by a constant, which <see cref="With(Constant{TModel}, ConstantSource)"/> can
    /// exchange.
    /// </summary>
    /// <param name="site">The place.</param>
    /// <param name="value">One vector for every place that is written, or a tensor of exactly the written shape.</param>
    /// <param name="handle">The handle of the constant.</param>
    [Pure]
    public Experiment<TModel, TSources> Interchange(Site<TModel> site, ConstantSource value, out Constant<TModel> handle) =>
        Named(Interchange(site, value), site, out handle);

    /// <summary>Returns a copy of this experiment that also adds a constant to the values at a place.</summary>
    /// <inheritdoc cref="Interchange(Site{TModel}, ConstantSource)"/>
    [Pure]
    public Experiment<TModel, TSources> Add(Site<TModel> site, ConstantSource value) =>
        Then<TSources>(new Addition(), site.Given().Spec, constant: value.Given());

    /// <summary>
    /// Returns a copy of this experiment that also adds a constant to the values at a place, which <see cref="With(Constant{TModel}, ConstantSource)"/> can
    /// exchange.
    /// </summary>
    /// <inheritdoc cref="Interchange(Site{TModel}, ConstantSource, out Constant{TModel})"/>
    [Pure]
    public Experiment<TModel, TSources> Add(Site<TModel> site, ConstantSource value, out Constant<TModel> handle) => Named(Add(site, value), site, out handle);

    /// <summary>Returns a copy of this experiment that also subtracts a constant from the values at a place.</summary>
    /// <inheritdoc cref="Interchange(Site{TModel}, ConstantSource)"/>
    [Pure]
    public Experiment<TModel, TSources> Subtract(Site<TModel> site, ConstantSource value) =>
        Then<TSources>(new Subtraction(), site.Given().Spec, constant: value.Given());

    /// <summary>
    /// Returns a copy of this experiment that also subtracts a constant from the values at a place, which <see cref="With(Constant{TModel}, ConstantSource)"/>
    /// can exchange.
    /// </summary>
    /// <inheritdoc cref="Interchange(Site{TModel}, ConstantSource, out Constant{TModel})"/>
    [Pure]
    public Experiment<TModel, TSources> Subtract(Site<TModel> site, ConstantSource value, out Constant<TModel> handle) =>
        Named(Subtract(site, value), site, out handle);

    /// <summary>Returns this experiment with another constant in a step, for one run: <c>model.Run(experiment.With(steering, vector), prompt)</c>.</summary>
    /// <param name="handle">The handle that the step gave.</param>
    /// <param name="value">The constant.</param>
    /// <exception cref="ArgumentException">The handle is another experiment's.</exception>
    [Pure]
    public Experiment<TModel, TSources> With(Constant<TModel> handle, ConstantSource value) => handles.Contains(handle.Given())
        ? new(interventions.SetItem(handle.Step, interventions[handle.Step] with { Constant = value.Given() }), handles, mode, sources)
        : throw new ArgumentException($"The handle is of a constant at {handle.Place} in another experiment; this one is {this}.", nameof(handle));

    /// <summary>Returns this experiment with other constants in several steps.</summary>
    /// <param name="values">The constants by handle, such as a dictionary.</param>
    /// <exception cref="ArgumentException">A handle is another experiment's.</exception>
    [Pure]
    public Experiment<TModel, TSources> With(IEnumerable<KeyValuePair<Constant<TModel>, ConstantSource>> values) =>
        values.Given().Aggregate(this, (experiment, value) => experiment.With(value.Key, value.Value));

    private Experiment<TModel, TSources> Named(Experiment<TModel, TSources> extended, Site<TModel> site, out Constant<TModel> handle)
    {
        handle = new Constant<TModel>(interventions.Length, site.ToString());
        return new(extended.interventions, handles.Add(handle), mode, sources);
    }
}
