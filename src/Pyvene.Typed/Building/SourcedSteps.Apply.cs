using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <content>Steps that apply what is not the library's own: an intervention as a value, or a function.</content>
public static partial class SourcedSteps
{
    /// <summary>Returns a copy of this experiment that also acts on a place with an intervention of the library or of your own that reads a source.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources, which stays.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="site">The place; it is read in the source and written in the base.</param>
    /// <param name="intervention">The intervention.</param>
    [Pure]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Intervention intervention)
        where TModel : IArchitecture
        where TSources : IIncludes<FirstSource> => experiment.Given().Then<TSources>(intervention, site.Given().Spec);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Intervention)"/>
    [Pure]
    public static Experiment<TModel, TSources> Apply<TModel, TSources, TOrdinal>(
        this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site, Intervention intervention)
        where TModel : IArchitecture
        where TSources : IIncludes<TOrdinal>
        where TOrdinal : struct, ISourceOrdinal => experiment.Given().Then<TSources>(intervention, site.Given().Spec, site.Source.Index);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Intervention)"/>
    [Pure]
    public static Experiment<TModel, OneSource> Apply<TModel>(this Experiment<TModel, NoSource> experiment, Site<TModel> site, Intervention intervention)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(intervention, site.Given().Spec);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Intervention)"/>
    [Pure]
    public static Experiment<TModel, OneSource> Apply<TModel>(
        this Experiment<TModel, NoSource> experiment, SourcedSite<TModel, FirstSource> site, Intervention intervention)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(intervention, site.Given().Spec, 0);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Intervention)"/>
    [Pure]
    public static Experiment<TModel, TwoSources> Apply<TModel>(
        this Experiment<TModel, OneSource> experiment, SourcedSite<TModel, SecondSource> site, Intervention intervention)
        where TModel : IArchitecture => experiment.Given().Then<TwoSources>(intervention, site.Given().Spec, 1);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Intervention)"/>
    [Pure]
    public static Experiment<TModel, ThreeSources> Apply<TModel>(
        this Experiment<TModel, TwoSources> experiment, SourcedSite<TModel, ThirdSource> site, Intervention intervention)
        where TModel : IArchitecture => experiment.Given().Then<ThreeSources>(intervention, site.Given().Spec, 2);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Intervention)"/>
    [Pure]
    public static Experiment<TModel, FourSources> Apply<TModel>(
        this Experiment<TModel, ThreeSources> experiment, SourcedSite<TModel, FourthSource> site, Intervention intervention)
        where TModel : IArchitecture => experiment.Given().Then<FourSources>(intervention, site.Given().Spec, 3);

    /// <summary>Returns a copy of this experiment that also acts on a place with a function that reads a source.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources, which stays.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="site">The place; it is read in the source and written in the base.</param>
    /// <param name="function">
    /// Takes the base's values at the place, [batch, unit …, width], and the source's, and returns the new ones, of the same shape.
    /// </param>
    [Pure]
    public static Experiment<TModel, TSources> Apply<TModel, TSources>(
        this Experiment<TModel, TSources> experiment, Site<TModel> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture
        where TSources : IIncludes<FirstSource> => experiment.Given().Then<TSources>(Reading(function), site.Given().Spec);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Func{Tensor, Tensor, Tensor})"/>
    [Pure]
    public static Experiment<TModel, TSources> Apply<TModel, TSources, TOrdinal>(
        this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture
        where TSources : IIncludes<TOrdinal>
        where TOrdinal : struct, ISourceOrdinal => experiment.Given().Then<TSources>(Reading(function), site.Given().Spec, site.Source.Index);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Func{Tensor, Tensor, Tensor})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Apply<TModel>(
        this Experiment<TModel, NoSource> experiment, Site<TModel> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(Reading(function), site.Given().Spec);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Func{Tensor, Tensor, Tensor})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Apply<TModel>(
        this Experiment<TModel, NoSource> experiment, SourcedSite<TModel, FirstSource> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(Reading(function), site.Given().Spec, 0);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Func{Tensor, Tensor, Tensor})"/>
    [Pure]
    public static Experiment<TModel, TwoSources> Apply<TModel>(
        this Experiment<TModel, OneSource> experiment, SourcedSite<TModel, SecondSource> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture => experiment.Given().Then<TwoSources>(Reading(function), site.Given().Spec, 1);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Func{Tensor, Tensor, Tensor})"/>
    [Pure]
    public static Experiment<TModel, ThreeSources> Apply<TModel>(
        this Experiment<TModel, TwoSources> experiment, SourcedSite<TModel, ThirdSource> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture => experiment.Given().Then<ThreeSources>(Reading(function), site.Given().Spec, 2);

    /// <inheritdoc cref="Apply{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel}, Func{Tensor, Tensor, Tensor})"/>
    [Pure]
    public static Experiment<TModel, FourSources> Apply<TModel>(
        this Experiment<TModel, ThreeSources> experiment, SourcedSite<TModel, FourthSource> site, Func<Tensor, Tensor, Tensor> function)
        where TModel : IArchitecture => experiment.Given().Then<FourSources>(Reading(function), site.Given().Spec, 3);

    private static CustomIntervention Reading(Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new CustomIntervention((@base, source, _) => function(@base, source!), Need: SourceNeed.Required) { MayKeep = false };
    }
}
