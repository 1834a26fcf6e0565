using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is an experiment bound to a language model: checked once, it runs many times. Its hooks are gone when it is disposed.</summary>
/// <remarks>Runs on one model are let in one at a time, from any thread. The plan does not own the model, and must be disposed before it.</remarks>
/// <typeparam name="TModel">The architecture.</typeparam>
/// <typeparam name="TSources">The number of sources that a run takes.</typeparam>
public sealed class LanguagePlan<TModel, TSources> : IDisposable
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly LanguageModel<TModel> model;
    private readonly PromptEncoder prompts;
    private readonly Experiment<TModel, TSources> experiment;
    private readonly InterventionPlan plan;

    internal LanguagePlan(LanguageModel<TModel> model, PromptEncoder prompts, Experiment<TModel, TSources> experiment)
    {
        this.model = model;
        this.prompts = prompts;
        this.experiment = experiment;
        plan = InterventionPlan.Bind(model.Module, experiment.Given().ToConfig());
    }

    /// <summary>Tells how a run would go, without running it: the passes, what they share, what is left out, and the expected multiply-adds.</summary>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources, as many as the experiment reads.</param>
    /// <exception cref="InterventionException">The prompts do not fit the experiment.</exception>
    public PlanExplanation Explain(Prompt @base, params ReadOnlySpan<SourceInput> sources) => Explain(@base, new RunOptions(), sources);

    /// <summary>
    /// Tells how a run with these settings would go, without running it: the passes, what they share, what is left out, and the expected multiply-adds.
    /// </summary>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="options">The settings of the run; the clean run is one of its passes unless they leave it out.</param>
    /// <param name="sources">The sources, as many as the experiment reads.</param>
    /// <exception cref="InterventionException">The prompts do not fit the experiment.</exception>
    public PlanExplanation Explain(Prompt @base, RunOptions options, params ReadOnlySpan<SourceInput> sources)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(@base);
        using var scope = NewDisposeScope();
        return plan.Explain(prompts.Encode(@base, "base"), prompts.Encode(sources), RunOptions.OfTypedRun(options));
    }

    /// <summary>Takes the plan's hooks off the model, which stays the caller's.</summary>
    public void Dispose() => plan.Dispose();

    internal ExperimentRun<TModel> Run(Prompt @base, RunOptions? options, params ReadOnlySpan<SourceInput> sources)
    {
        ArgumentNullException.ThrowIfNull(@base);
        using var scope = NewDisposeScope();
        var batch = prompts.Encode(@base, "base");
        options = RunOptions.OfTypedRun(options);
        var run = plan.Run(batch, prompts.Encode(sources), options);
        return new ExperimentRun<TModel>(run, experiment.NameOf, model.Tokenizer, @base, options.NextTokenOnly);
    }
}
