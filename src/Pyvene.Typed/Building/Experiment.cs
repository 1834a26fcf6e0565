using System.Collections.Immutable;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed;

/// <summary>Is an experiment on one architecture: interventions in the order in which they act. Immutable; every step returns a new experiment.</summary>
/// <typeparam name="TModel">The architecture; components of another do not fit.</typeparam>
/// <typeparam name="TSources">The number of sources that a run takes.</typeparam>
public sealed class Experiment<TModel, TSources>
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly ImmutableArray<InterventionSpec> interventions;
    private readonly ImmutableHashSet<Collected<TModel>> handles;

    internal Experiment(ImmutableArray<InterventionSpec> interventions, ImmutableHashSet<Collected<TModel>> handles)
    {
        this.interventions = interventions;
        this.handles = handles;
    }

    /// <summary>Gets the experiment without a step; a generated class offers it as its <c>Experiment</c>.</summary>
    public static Experiment<TModel, TSources> Empty { get; } = new([], []);

    /// <summary>Returns a copy of this experiment that also sets values to zero at a place.</summary>
    /// <param name="site">The place.</param>
    [Pure]
    public Experiment<TModel, TSources> Zero(Site<TModel> site) => Then<TSources>(new Zero(), site.Spec);

    /// <summary>Returns a copy of this experiment that also replaces the values at a place by a constant.</summary>
    /// <param name="site">The place.</param>
    /// <param name="value">One vector for every place that is written, or a tensor of exactly the written shape.</param>
    [Pure]
    public Experiment<TModel, TSources> Interchange(Site<TModel> site, ConstantSource value) => Then<TSources>(new Interchange(), site.Spec, constant: value);

    /// <summary>Returns a copy of this experiment that also adds a constant to the values at a place.</summary>
    /// <inheritdoc cref="Interchange(Site{TModel}, ConstantSource)"/>
    [Pure]
    public Experiment<TModel, TSources> Add(Site<TModel> site, ConstantSource value) => Then<TSources>(new Addition(), site.Spec, constant: value);

    /// <summary>Returns a copy of this experiment that also subtracts a constant from the values at a place.</summary>
    /// <inheritdoc cref="Interchange(Site{TModel}, ConstantSource)"/>
    [Pure]
    public Experiment<TModel, TSources> Subtract(Site<TModel> site, ConstantSource value) => Then<TSources>(new Subtraction(), site.Spec, constant: value);

    /// <summary>Returns a copy of this experiment that also collects the values at a place, as the steps before it left them.</summary>
    /// <param name="site">The place.</param>
    /// <param name="handle">The handle that finds the values in a run: <c>run[handle]</c>.</param>
    [Pure]
    public Experiment<TModel, TSources> Collect(Site<TModel> site, out Collected<TModel> handle)
    {
        var name = $"collect_{handles.Count}";
        var spec = new InterventionSpec { Intervention = new Collect(), Site = site.Spec, Name = name };
        handle = new Collected<TModel>(name, site.ToString());
        return new(interventions.Add(spec), handles.Add(handle));
    }

    /// <summary>Returns a copy of this experiment that also acts on a place with an intervention that reads no source.</summary>
    /// <param name="site">The place.</param>
    /// <param name="function">Takes the values at the place, [batch, unit …, width], and returns the new ones, of the same shape.</param>
    [Pure]
    public Experiment<TModel, TSources> Apply(Site<TModel> site, Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> function) =>
        Then<TSources>(new CustomIntervention((@base, _, _) => function(@base)), site.Spec);

    /// <summary>Returns this experiment as plain data.</summary>
    [Pure]
    public InterventionConfig ToConfig() => new() { Architecture = TModel.Descriptor.NamesPlacesByPath ? null : TModel.Descriptor.Key, Sources = TSources.Count, Interventions = interventions };

    /// <summary>Returns the experiment in words: its steps in order.</summary>
    public override string ToString() =>
        $"on {TModel.Descriptor.Key}: {(interventions.IsEmpty ? "no step" : string.Join("; ", interventions.Select(spec => $"{spec.Intervention.Type} at {spec.Site}")))}";

    internal bool Contains(Collected<TModel> handle) => handles.Contains(handle);

    internal Experiment<TModel, TNewSources> Then<TNewSources>(Intervention intervention, SiteSpec site, int source = 0, ConstantSource? constant = null)
        where TNewSources : ISourceCount =>
        new(interventions.Add(new InterventionSpec { Intervention = intervention, Site = site, Source = source, Constant = constant }), handles);
}
