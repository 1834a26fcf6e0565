using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Training;

/// <summary>
/// Is a training as plain data: the experiment, the examples and the settings. It is saved as JSON, loaded, and trained where its experiment is bound:
/// <c>using var bound = model.Bind(plan.Experiment); bound.Train(plan.Examples, plan.Options);</c>. Immutable.
/// </summary>
/// <remarks>What is learned stands in the interventions of <see cref="Experiment"/>, which start with the tensors that were saved.</remarks>
public sealed partial class TrainingPlan
{
    /// <summary>Initialises the plan.</summary>
    /// <param name="experiment">The experiment, such as that of <c>ToConfig()</c>.</param>
    /// <param name="examples">The examples, with as many sources as the experiment reads.</param>
    /// <param name="options">The settings, with held-out examples where there are any; <see langword="null"/> = the defaults.</param>
    /// <exception cref="ArgumentException">The numbers of sources differ.</exception>
    public TrainingPlan(InterventionConfig experiment, CounterfactualSet examples, TrainingOptions? options = null)
    {
        (Experiment, Examples, Options) = (experiment.Given(), examples.Given(), options ?? new TrainingOptions());
        foreach (var set in new[] { Examples, Options.Evaluation }.OfType<CounterfactualSet>())
        {
            if (set.SourceCount != Experiment.Sources)
            {
                throw new ArgumentException(
                    $"The experiment takes {Experiment.Sources} sources, but the {(set == Examples ? "examples" : "held-out examples")} have "
                        + $"{set.SourceCount}; leave one out with Source.Skip.",
                    nameof(examples));
            }
        }
    }

    /// <summary>Gets the experiment; the modules of its interventions are the caller's.</summary>
    public InterventionConfig Experiment { get; }

    /// <summary>Gets the examples.</summary>
    public CounterfactualSet Examples { get; }

    /// <summary>Gets the settings.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Returns the plan in words.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Experiment.Interventions.Length} interventions, {Examples.Count} examples, {Options.Optimiser.Kind}");
}
