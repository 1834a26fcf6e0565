using System.Collections.Immutable;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed;

/// <summary>Is an experiment on one architecture: interventions in the order in which they act. Immutable; every step returns a new experiment.</summary>
/// <typeparam name="TModel">The architecture; components of another do not fit.</typeparam>
/// <typeparam name="TSources">The number of sources that a run takes.</typeparam>
public sealed partial class Experiment<TModel, TSources>
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly ImmutableArray<InterventionSpec> interventions;
    private readonly ImmutableHashSet<object> handles;
    private readonly CompositionMode mode;
    private readonly int sources;

    internal Experiment(ImmutableArray<InterventionSpec> interventions, ImmutableHashSet<object> handles, CompositionMode mode, int sources)
    {
        this.interventions = interventions;
        this.handles = handles;
        this.mode = mode;
        this.sources = sources;
    }

    /// <summary>Gets the experiment without a step; a generated class offers it as its <c>Experiment</c>.</summary>
    public static Experiment<TModel, TSources> Empty { get; } = new([], [], CompositionMode.Parallel, TSources.Count);

    /// <summary>Returns a copy of this experiment that also sets values to zero at a place.</summary>
    /// <param name="site">The place.</param>
    [Pure]
    public Experiment<TModel, TSources> Zero(Site<TModel> site) => Then<TSources>(new Zero(), site.Given().Spec);

    /// <summary>Returns a copy of this experiment that also collects the values at a place, as the steps before it left them.</summary>
    /// <param name="site">The place.</param>
    /// <param name="handle">The handle that finds the values in a run: <c>run[handle]</c>.</param>
    [Pure]
    public Experiment<TModel, TSources> Collect(Site<TModel> site, out Collected<TModel> handle) => Collecting(new Collect(), site, out handle);

    /// <summary>
    /// Returns a copy of this experiment that also collects what a module computes of the values at a place: latents of an autoencoder, or the coordinates
    /// after a rotation or a projection. The values stay as they are, and no source is read.
    /// </summary>
    /// <remarks>
    /// The values are those of the base as the steps before left them: before <c>Apply(site, module)</c> the handle has the base's coordinates, and behind it
    /// those of what was put there. The place's features choose coordinates.
    /// </remarks>
    /// <typeparam name="TInside">The type of the module.</typeparam>
    /// <param name="site">The place.</param>
    /// <param name="module">The module; it stays the caller's.</param>
    /// <param name="handle">
    /// The handle that finds the coordinates in a run, as <c>run[handle]</c>: [batch, …, position, dimension]; where the module concatenates positions, or
    /// heads, the axis of these has length 1.
    /// </param>
    [Pure]
    public Experiment<TModel, TSources> CollectInside<TInside>(Site<TModel> site, TInside module, out Collected<TModel> handle)
        where TInside : InterventionModule, IInnerSpace => Collecting(new Learned(module) { Collects = Inside.Space }, site, out handle);

    /// <summary>
    /// Returns a copy of this experiment that also collects the gate of a module: the share of the source that it gives every dimension. The values stay as
    /// they are, and no source is read.
    /// </summary>
    /// <typeparam name="TGate">The type of the module.</typeparam>
    /// <param name="site">The place.</param>
    /// <param name="module">The module; it stays the caller's.</param>
    /// <param name="handle">
    /// The handle that finds the shares in a run, as <c>run[handle]</c>: [batch, …, position, dimension]; where the module concatenates positions, or heads,
    /// the axis of these has length 1.
    /// </param>
    [Pure]
    public Experiment<TModel, TSources> CollectGate<TGate>(Site<TModel> site, TGate module, out Collected<TModel> handle)
        where TGate : InterventionModule, IGate => Collecting(new Learned(module) { Collects = Inside.Gate }, site, out handle);

    /// <summary>Returns a copy of this experiment that also acts on a place with a function that reads no source.</summary>
    /// <param name="site">The place.</param>
    /// <param name="function">Takes the values at the place, [batch, unit …, width], and returns the new ones, of the same shape.</param>
    [Pure]
    public Experiment<TModel, TSources> Apply(Site<TModel> site, Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Then<TSources>(new CustomIntervention((@base, _, _) => function(@base)) { MayKeep = false }, site.Given().Spec);
    }

    /// <summary>Returns a copy of this experiment that also acts on a place with an intervention of the library or of your own that reads no source.</summary>
    /// <param name="site">The place.</param>
    /// <param name="intervention">The intervention, such as a <see cref="Noise"/>.</param>
    [Pure]
    public Experiment<TModel, TSources> Apply(Site<TModel> site, SourcelessIntervention intervention) => Then<TSources>(intervention, site.Given().Spec);

    /// <summary>Returns a copy of this experiment that also acts on a place with an intervention of your own that learns and reads no source.</summary>
    /// <param name="site">The place.</param>
    /// <param name="module">The module; it stays the caller's, and the same one in several places is shared.</param>
    [Pure]
    public Experiment<TModel, TSources> Apply(Site<TModel> site, SourcelessModule module) => Then<TSources>(new Learned(module), site.Given().Spec);

    /// <summary>
    /// Returns a copy of this experiment whose sources act one after the other: what is read in a source is written into the next source, and from the last
    /// into the base.
    /// </summary>
    [Pure]
    public Experiment<TModel, TSources> InSeries() => new(interventions, handles, CompositionMode.Serial, sources);

    /// <summary>
    /// Returns a copy of this experiment whose sources act side by side, as they do unless it is said otherwise: every source runs by itself, and all is
    /// written into the base.
    /// </summary>
    [Pure]
    public Experiment<TModel, TSources> InParallel() => new(interventions, handles, CompositionMode.Parallel, sources);

    /// <summary>Returns this experiment as plain data.</summary>
    [Pure]
    public InterventionConfig ToConfig() => new()
    {
        Architecture = TModel.Descriptor.NamesPlacesByPath ? null : TModel.Descriptor.Key,
        Mode = mode,
        Sources = sources,
        Interventions = interventions,
    };

    /// <summary>Returns the experiment in words: its steps in order.</summary>
    public override string ToString() =>
        $"on {TModel.Descriptor.Key}{(mode == CompositionMode.Serial ? ", in series" : "")}: "
            + $"{(interventions.IsEmpty ? "no step" : string.Join("; ", interventions.Select(spec => $"{spec.Intervention.Type} at {spec.Site}")))}";

    /// <summary>Returns the name of the step that gave a handle.</summary>
    /// <exception cref="InterventionException">It is another experiment's.</exception>
    internal string NameOf(Collected<TModel> handle) => handles.Contains(handle.Given())
        ? handle.Name
        : throw new InterventionException(
            "handle",
            $"The handle collects {handle.Place} in another experiment; this run is of the experiment {this}, which has no such step. "
                + "Use the handle of a step of the experiment that was run.");

    internal Experiment<TModel, TCount> Counting<TCount>(int count)
        where TCount : ISourceCount => new(interventions, handles, mode, count);

    internal Experiment<TModel, TNewSources> Then<TNewSources>(Intervention intervention, SiteSpec site, int source = 0, ConstantSource? constant = null)
        where TNewSources : ISourceCount
    {
        ArgumentNullException.ThrowIfNull(intervention);
        var count = Math.Max(sources, TNewSources.Count);
        if (source < 0 || (constant is null && intervention.Source != SourceNeed.None && source >= Math.Max(count, 1)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(source), source, $"The experiment reads {count} sources (0 to {count - 1}); begin it with more: WithSources({source + 1}).");
        }

        if (count > sources && (intervention is SourcelessIntervention or Learned { Module: SourcelessModule }))
        {
            var kind = intervention is Learned ? nameof(SourcelessModule) : nameof(SourcelessIntervention);
            throw new ArgumentException(
                $"'{intervention.Type}' reads no source, but it was given as an intervention that may read one, which makes an experiment of {count} source"
                    + $"{(count == 1 ? "" : "s")}. Hold it in a variable of type {kind}, or of its own type, so that the experiment stays without.",
                nameof(intervention));
        }

        return new Experiment<TModel, TNewSources>(
            interventions.Add(new InterventionSpec { Intervention = intervention, Site = site, Source = source, Constant = constant }), handles, mode, count);
    }

    private Experiment<TModel, TSources> Collecting(Intervention intervention, Site<TModel> site, out Collected<TModel> handle)
    {
        var name = Enumerable.Range(handles.OfType<Collected<TModel>>().Count(), interventions.Length + 1).Select(number => $"collect_{number}")
            .First(free => interventions.All(spec => spec.Name != free));
        var spec = new InterventionSpec { Intervention = intervention, Site = site.Given().Spec, Name = name };
        handle = new Collected<TModel>(name, site.ToString());
        return new(interventions.Add(spec), handles.Add(handle), mode, sources);
    }
}
