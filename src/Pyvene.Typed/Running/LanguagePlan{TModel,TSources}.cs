using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed;

/// <summary>Is an experiment bound to a language model: checked once, it runs many times. Its hooks are gone when it is disposed.</summary>
/// <remarks>Runs on one model are let in one at a time, from any thread. The plan does not own the model, and must be disposed before it.</remarks>
/// <typeparam name="TModel">The architecture.</typeparam>
/// <typeparam name="TSources">The number of sources that a run takes.</typeparam>
public sealed class LanguagePlan<TModel, TSources> : IDisposable
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    internal LanguagePlan(LanguageModel<TModel> model, Experiment<TModel, TSources> experiment)
    {
        Plan = new LanguagePlan(model, experiment.Given().ToConfig());
        Experiment = experiment;
    }

    /// <summary>Gets the plan without its types.</summary>
    internal LanguagePlan Plan { get; }

    /// <summary>Gets the experiment.</summary>
    internal Experiment<TModel, TSources> Experiment { get; }

    /// <summary>Tells how a run would go, without running it: the passes, what they share, what is left out, and the expected multiply-adds.</summary>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources, as many as the experiment reads.</param>
    /// <exception cref="InterventionException">The prompts do not fit the experiment.</exception>
    public PlanExplanation Explain(Prompt @base, params ReadOnlySpan<SourceInput> sources) => Plan.Explain(@base, null, sources);

    /// <summary>
    /// Tells how a run with these settings would go, without running it: the passes, what they share, what is left out, and the expected multiply-adds.
    /// </summary>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="options">The settings of the run; the clean run is one of its passes unless they leave it out.</param>
    /// <param name="sources">The sources, as many as the experiment reads.</param>
    /// <exception cref="InterventionException">The prompts do not fit the experiment.</exception>
    public PlanExplanation Explain(Prompt @base, RunOptions options, params ReadOnlySpan<SourceInput> sources) =>
        Plan.Explain(@base, options.Given(), sources);

    /// <summary>Takes the plan's hooks off the model, which stays the caller's.</summary>
    public void Dispose() => Plan.Dispose();
}
