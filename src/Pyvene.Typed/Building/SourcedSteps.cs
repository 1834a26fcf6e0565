using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed;

/// <summary>
/// Adds the steps that read a source. Every verb has the same forms: a step that reads a source which the experiment has keeps its type, so that loops work,
/// and one that reads the next source widens it by one.
/// </summary>
public static partial class SourcedSteps
{
    /// <summary>Returns a copy of this experiment that also replaces the values at a place by those of a source.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources, which stays.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="site">The place; it is read in the source and written in the base.</param>
    [Pure]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources>(this Experiment<TModel, TSources> experiment, Site<TModel> site)
        where TModel : IArchitecture
        where TSources : IIncludes<FirstSource> => experiment.Given().Then<TSources>(new Interchange(), site.Given().Spec);

    /// <inheritdoc cref="Interchange{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, TSources> Interchange<TModel, TSources, TOrdinal>(
        this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site)
        where TModel : IArchitecture
        where TSources : IIncludes<TOrdinal>
        where TOrdinal : struct, ISourceOrdinal => experiment.Given().Then<TSources>(new Interchange(), site.Given().Spec, site.Source.Index);

    /// <inheritdoc cref="Interchange{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Interchange<TModel>(this Experiment<TModel, NoSource> experiment, Site<TModel> site)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(new Interchange(), site.Given().Spec);

    /// <inheritdoc cref="Interchange{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Interchange<TModel>(this Experiment<TModel, NoSource> experiment, SourcedSite<TModel, FirstSource> site)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(new Interchange(), site.Given().Spec, 0);

    /// <inheritdoc cref="Interchange{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, TwoSources> Interchange<TModel>(this Experiment<TModel, OneSource> experiment, SourcedSite<TModel, SecondSource> site)
        where TModel : IArchitecture => experiment.Given().Then<TwoSources>(new Interchange(), site.Given().Spec, 1);

    /// <inheritdoc cref="Interchange{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, ThreeSources> Interchange<TModel>(this Experiment<TModel, TwoSources> experiment, SourcedSite<TModel, ThirdSource> site)
        where TModel : IArchitecture => experiment.Given().Then<ThreeSources>(new Interchange(), site.Given().Spec, 2);

    /// <inheritdoc cref="Interchange{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, FourSources> Interchange<TModel>(this Experiment<TModel, ThreeSources> experiment, SourcedSite<TModel, FourthSource> site)
        where TModel : IArchitecture => experiment.Given().Then<FourSources>(new Interchange(), site.Given().Spec, 3);

    /// <summary>Returns a copy of this experiment that also adds the values of a source to those at a place.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources, which stays.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="site">The place; it is read in the source and written in the base.</param>
    [Pure]
    public static Experiment<TModel, TSources> Add<TModel, TSources>(this Experiment<TModel, TSources> experiment, Site<TModel> site)
        where TModel : IArchitecture
        where TSources : IIncludes<FirstSource> => experiment.Given().Then<TSources>(new Addition(), site.Given().Spec);

    /// <inheritdoc cref="Add{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, TSources> Add<TModel, TSources, TOrdinal>(this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site)
        where TModel : IArchitecture
        where TSources : IIncludes<TOrdinal>
        where TOrdinal : struct, ISourceOrdinal => experiment.Given().Then<TSources>(new Addition(), site.Given().Spec, site.Source.Index);

    /// <inheritdoc cref="Add{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Add<TModel>(this Experiment<TModel, NoSource> experiment, Site<TModel> site)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(new Addition(), site.Given().Spec);

    /// <inheritdoc cref="Add{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Add<TModel>(this Experiment<TModel, NoSource> experiment, SourcedSite<TModel, FirstSource> site)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(new Addition(), site.Given().Spec, 0);

    /// <inheritdoc cref="Add{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, TwoSources> Add<TModel>(this Experiment<TModel, OneSource> experiment, SourcedSite<TModel, SecondSource> site)
        where TModel : IArchitecture => experiment.Given().Then<TwoSources>(new Addition(), site.Given().Spec, 1);

    /// <inheritdoc cref="Add{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, ThreeSources> Add<TModel>(this Experiment<TModel, TwoSources> experiment, SourcedSite<TModel, ThirdSource> site)
        where TModel : IArchitecture => experiment.Given().Then<ThreeSources>(new Addition(), site.Given().Spec, 2);

    /// <inheritdoc cref="Add{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, FourSources> Add<TModel>(this Experiment<TModel, ThreeSources> experiment, SourcedSite<TModel, FourthSource> site)
        where TModel : IArchitecture => experiment.Given().Then<FourSources>(new Addition(), site.Given().Spec, 3);

    /// <summary>Returns a copy of this experiment that also subtracts the values of a source from those at a place.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources, which stays.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="site">The place; it is read in the source and written in the base.</param>
    [Pure]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources>(this Experiment<TModel, TSources> experiment, Site<TModel> site)
        where TModel : IArchitecture
        where TSources : IIncludes<FirstSource> => experiment.Given().Then<TSources>(new Subtraction(), site.Given().Spec);

    /// <inheritdoc cref="Subtract{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, TSources> Subtract<TModel, TSources, TOrdinal>(
        this Experiment<TModel, TSources> experiment, SourcedSite<TModel, TOrdinal> site)
        where TModel : IArchitecture
        where TSources : IIncludes<TOrdinal>
        where TOrdinal : struct, ISourceOrdinal => experiment.Given().Then<TSources>(new Subtraction(), site.Given().Spec, site.Source.Index);

    /// <inheritdoc cref="Subtract{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Subtract<TModel>(this Experiment<TModel, NoSource> experiment, Site<TModel> site)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(new Subtraction(), site.Given().Spec);

    /// <inheritdoc cref="Subtract{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, OneSource> Subtract<TModel>(this Experiment<TModel, NoSource> experiment, SourcedSite<TModel, FirstSource> site)
        where TModel : IArchitecture => experiment.Given().Then<OneSource>(new Subtraction(), site.Given().Spec, 0);

    /// <inheritdoc cref="Subtract{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, TwoSources> Subtract<TModel>(this Experiment<TModel, OneSource> experiment, SourcedSite<TModel, SecondSource> site)
        where TModel : IArchitecture => experiment.Given().Then<TwoSources>(new Subtraction(), site.Given().Spec, 1);

    /// <inheritdoc cref="Subtract{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, ThreeSources> Subtract<TModel>(this Experiment<TModel, TwoSources> experiment, SourcedSite<TModel, ThirdSource> site)
        where TModel : IArchitecture => experiment.Given().Then<ThreeSources>(new Subtraction(), site.Given().Spec, 2);

    /// <inheritdoc cref="Subtract{TModel, TSources}(Experiment{TModel, TSources}, Site{TModel})"/>
    [Pure]
    public static Experiment<TModel, FourSources> Subtract<TModel>(this Experiment<TModel, ThreeSources> experiment, SourcedSite<TModel, FourthSource> site)
        where TModel : IArchitecture => experiment.Given().Then<FourSources>(new Subtraction(), site.Given().Spec, 3);
}
