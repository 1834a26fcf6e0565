using Pyvene.Typed.Causal;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Joins variables of causal models to places: <c>Mlp.Experiment.Align(Equality.Variables.WX, Mlp.Layer(0).BlockOutput.Features(0..8))</c>, and on with
/// <c>.Align(…)</c>, each of which adds a source.
/// </summary>
public static class Alignments
{
    /// <summary>Begins an alignment: joins a variable of a causal model that is a C# type to a place.</summary>
    /// <typeparam name="TCausal">The type that is the causal model.</typeparam>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="experiment">What happens beside it; steps that read no source, or none.</param>
    /// <param name="variable">The variable, which lies between inputs and outputs.</param>
    /// <param name="place">The place; its features are dimensions of the intervention's own space, such as a rotated one, where it has one.</param>
    /// <param name="intervention">
    /// What exchanges the variable, such as an <see cref="Interchange"/>, or what you made that learns, which stays yours; <see langword="null"/> = a learned
    /// rotation of the whole place, which all such variables there share (distributed alignment search, Geiger et al. 2023).
    /// </param>
    /// <exception cref="InterventionException">The intervention reads no source, or another variable has features of this one at the place.</exception>
    /// <exception cref="CausalModelException">The variable is aligned twice.</exception>
    public static Alignment<TCausal, TModel, OneSource> Align<TCausal, TModel>(
        this Experiment<TModel, NoSource> experiment, ICausalIntermediate<TCausal> variable, Site<TModel> place, Intervention? intervention = null)
        where TCausal : class, ICausalModel<TCausal>
        where TModel : IArchitecture =>
        new Alignment<TCausal, TModel, NoSource>(TCausal.Model, experiment.Given(), []).Then<OneSource>(variable.Given().Name, place, intervention);

    /// <inheritdoc cref="Align{TCausal, TModel}(Experiment{TModel, NoSource}, ICausalIntermediate{TCausal}, Site{TModel}, Intervention?)"/>
    public static Alignment<TCausal, TModel, TwoSources> Align<TCausal, TModel>(
        this Alignment<TCausal, TModel, OneSource> alignment, ICausalIntermediate<TCausal> variable, Site<TModel> place, Intervention? intervention = null)
        where TCausal : class, ICausalModel<TCausal>
        where TModel : IArchitecture => alignment.Given().Then<TwoSources>(variable.Given().Name, place, intervention);

    /// <inheritdoc cref="Align{TCausal, TModel}(Experiment{TModel, NoSource}, ICausalIntermediate{TCausal}, Site{TModel}, Intervention?)"/>
    public static Alignment<TCausal, TModel, ThreeSources> Align<TCausal, TModel>(
        this Alignment<TCausal, TModel, TwoSources> alignment, ICausalIntermediate<TCausal> variable, Site<TModel> place, Intervention? intervention = null)
        where TCausal : class, ICausalModel<TCausal>
        where TModel : IArchitecture => alignment.Given().Then<ThreeSources>(variable.Given().Name, place, intervention);

    /// <inheritdoc cref="Align{TCausal, TModel}(Experiment{TModel, NoSource}, ICausalIntermediate{TCausal}, Site{TModel}, Intervention?)"/>
    public static Alignment<TCausal, TModel, FourSources> Align<TCausal, TModel>(
        this Alignment<TCausal, TModel, ThreeSources> alignment, ICausalIntermediate<TCausal> variable, Site<TModel> place, Intervention? intervention = null)
        where TCausal : class, ICausalModel<TCausal>
        where TModel : IArchitecture => alignment.Given().Then<FourSources>(variable.Given().Name, place, intervention);

    /// <inheritdoc cref="Align{TCausal, TModel}(Experiment{TModel, NoSource}, ICausalIntermediate{TCausal}, Site{TModel}, Intervention?)"/>
    public static Alignment<TCausal, TModel, ManySources> Align<TCausal, TModel>(
        this Alignment<TCausal, TModel, FourSources> alignment, ICausalIntermediate<TCausal> variable, Site<TModel> place, Intervention? intervention = null)
        where TCausal : class, ICausalModel<TCausal>
        where TModel : IArchitecture => alignment.Given().Then<ManySources>(variable.Given().Name, place, intervention);

    /// <inheritdoc cref="Align{TCausal, TModel}(Experiment{TModel, NoSource}, ICausalIntermediate{TCausal}, Site{TModel}, Intervention?)"/>
    public static Alignment<TCausal, TModel, ManySources> Align<TCausal, TModel>(
        this Alignment<TCausal, TModel, ManySources> alignment, ICausalIntermediate<TCausal> variable, Site<TModel> place, Intervention? intervention = null)
        where TCausal : class, ICausalModel<TCausal>
        where TModel : IArchitecture => alignment.Given().Then<ManySources>(variable.Given().Name, place, intervention);

    /// <summary>Begins an alignment: joins a variable of an untyped causal model to a place.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="experiment">What happens beside it; steps that read no source, or none.</param>
    /// <param name="causal">The causal model.</param>
    /// <param name="variable">The name of a variable between inputs and outputs.</param>
    /// <param name="place">The place; its features are dimensions of the intervention's own space, such as a rotated one, where it has one.</param>
    /// <param name="intervention">What exchanges the variable; <see langword="null"/> = a learned rotation, which such variables at one place share.</param>
    /// <exception cref="InterventionException">The intervention reads no source, or another variable has features of this one at the place.</exception>
    /// <exception cref="CausalModelException">The variable is no intermediate one of the model, or is aligned twice.</exception>
    public static Alignment<CausalModel, TModel, OneSource> Align<TModel>(
        this Experiment<TModel, NoSource> experiment, CausalModel causal, string variable, Site<TModel> place, Intervention? intervention = null)
        where TModel : IArchitecture =>
        new Alignment<CausalModel, TModel, NoSource>(causal.Given(), experiment.Given(), []).Then<OneSource>(variable, place, intervention);

    /// <inheritdoc cref="Align{TModel}(Experiment{TModel, NoSource}, CausalModel, string, Site{TModel}, Intervention?)"/>
    public static Alignment<CausalModel, TModel, TwoSources> Align<TModel>(
        this Alignment<CausalModel, TModel, OneSource> alignment, string variable, Site<TModel> place, Intervention? intervention = null)
        where TModel : IArchitecture => alignment.Given().Then<TwoSources>(variable, place, intervention);

    /// <inheritdoc cref="Align{TModel}(Experiment{TModel, NoSource}, CausalModel, string, Site{TModel}, Intervention?)"/>
    public static Alignment<CausalModel, TModel, ThreeSources> Align<TModel>(
        this Alignment<CausalModel, TModel, TwoSources> alignment, string variable, Site<TModel> place, Intervention? intervention = null)
        where TModel : IArchitecture => alignment.Given().Then<ThreeSources>(variable, place, intervention);

    /// <inheritdoc cref="Align{TModel}(Experiment{TModel, NoSource}, CausalModel, string, Site{TModel}, Intervention?)"/>
    public static Alignment<CausalModel, TModel, FourSources> Align<TModel>(
        this Alignment<CausalModel, TModel, ThreeSources> alignment, string variable, Site<TModel> place, Intervention? intervention = null)
        where TModel : IArchitecture => alignment.Given().Then<FourSources>(variable, place, intervention);

    /// <inheritdoc cref="Align{TModel}(Experiment{TModel, NoSource}, CausalModel, string, Site{TModel}, Intervention?)"/>
    public static Alignment<CausalModel, TModel, ManySources> Align<TModel>(
        this Alignment<CausalModel, TModel, FourSources> alignment, string variable, Site<TModel> place, Intervention? intervention = null)
        where TModel : IArchitecture => alignment.Given().Then<ManySources>(variable, place, intervention);

    /// <inheritdoc cref="Align{TModel}(Experiment{TModel, NoSource}, CausalModel, string, Site{TModel}, Intervention?)"/>
    public static Alignment<CausalModel, TModel, ManySources> Align<TModel>(
        this Alignment<CausalModel, TModel, ManySources> alignment, string variable, Site<TModel> place, Intervention? intervention = null)
        where TModel : IArchitecture => alignment.Given().Then<ManySources>(variable, place, intervention);

    /// <summary>Binds an alignment to a language model and makes the rotations that it needs.</summary>
    /// <typeparam name="TCausal">The causal model.</typeparam>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of variables.</typeparam>
    /// <param name="alignment">The alignment.</param>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="examples">What it is trained on, from <c>alignment.ToExamples(…)</c>; the first one shows how wide the places are.</param>
    /// <param name="seed">The seed of the rotations.</param>
    /// <returns>The plan; the caller disposes it, before the model.</returns>
    /// <exception cref="InterventionException">A place or the examples do not fit the model, or features lie beyond it; no hook is left behind.</exception>
    public static AlignmentPlan<TModel, TSources> Bind<TCausal, TModel, TSources>(
        this Alignment<TCausal, TModel, TSources> alignment, LanguageModel<TModel> model, CounterfactualSet examples, long seed = 0)
        where TCausal : class
        where TModel : IArchitecture
        where TSources : ISourceCount => alignment.Given().Bind(model.Given().Module, model.Prompts, examples, seed);

    /// <summary>Binds an alignment to a model of the library that takes tensors and makes the rotations that it needs.</summary>
    /// <typeparam name="TCausal">The causal model.</typeparam>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of variables.</typeparam>
    /// <param name="alignment">The alignment.</param>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="examples">What it is trained on, from <c>alignment.ToExamples(…)</c>; the first one shows how wide the places are.</param>
    /// <param name="seed">The seed of the rotations.</param>
    /// <returns>The plan; the caller disposes it, before the model.</returns>
    /// <exception cref="InterventionException">A place or the examples do not fit the model, or features lie beyond it; no hook is left behind.</exception>
    public static AlignmentPlan<TModel, TSources> Bind<TCausal, TModel, TSources>(
        this Alignment<TCausal, TModel, TSources> alignment, PretrainedModel model, CounterfactualSet examples, long seed = 0)
        where TCausal : class
        where TModel : IArchitecture
        where TSources : ISourceCount => alignment.Given().Bind(model.Given(), null, examples, seed);

    /// <summary>Binds an alignment to a module of your own and makes the rotations that it needs.</summary>
    /// <typeparam name="TCausal">The causal model.</typeparam>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of variables.</typeparam>
    /// <param name="alignment">The alignment.</param>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="examples">What it is trained on, from <c>alignment.ToExamples(…)</c>; the first one shows how wide the places are.</param>
    /// <param name="seed">The seed of the rotations.</param>
    /// <returns>The plan; the caller disposes it, before the model.</returns>
    /// <exception cref="InterventionException">A place or the examples do not fit the model, or features lie beyond it; no hook is left behind.</exception>
    public static AlignmentPlan<TModel, TSources> Bind<TCausal, TModel, TSources>(
        this Alignment<TCausal, TModel, TSources> alignment, TModel model, CounterfactualSet examples, long seed = 0)
        where TCausal : class
        where TModel : nn.Module, IArchitecture
        where TSources : ISourceCount => alignment.Given().Bind(model.Given(), null, examples, seed);
}
