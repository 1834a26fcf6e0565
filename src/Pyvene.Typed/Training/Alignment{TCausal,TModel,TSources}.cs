using System.Collections.Immutable;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Joins variables of a causal model to places of a model that should hold them (Geiger et al. 2021 and 2023): from it come the experiment, with a source for
/// every variable in order, and the examples. Immutable; begin one with <c>experiment.Align(…)</c>.
/// </summary>
/// <typeparam name="TCausal">The type that is the causal model; <see cref="CausalModel"/> for one that is none.</typeparam>
/// <typeparam name="TModel">The architecture.</typeparam>
/// <typeparam name="TSources">The number of variables, each of which is a source of the experiment.</typeparam>
public sealed class Alignment<TCausal, TModel, TSources>
    where TCausal : class
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly Experiment<TModel, NoSource> start;
    private readonly ImmutableArray<AlignedVariable> variables;

    internal Alignment(CausalModel causal, Experiment<TModel, NoSource> start, ImmutableArray<AlignedVariable> variables) =>
        (Causal, this.start, this.variables) = (causal, start, variables);

    /// <summary>Gets the names of the variables, in the order of the sources.</summary>
    public IReadOnlyList<string> Variables => [.. variables.Select(variable => variable.Name)];

    /// <summary>Gets the causal model.</summary>
    internal CausalModel Causal { get; }

    /// <summary>Draws what the causal model computes under interchanges of the aligned variables, any set of them at a time.</summary>
    /// <param name="count">How many examples; it is rounded up to whole batches.</param>
    /// <param name="batchSize">How many examples in a row intervene on the same variables.</param>
    /// <param name="seed">The same seed gives the same set.</param>
    /// <param name="options">How inputs and sources are drawn; uniformly when <see langword="null"/>. Interventions that it draws itself stay.</param>
    /// <exception cref="CausalModelException">A domain is open and has no sampler, or a filter lets nothing through.</exception>
    public CounterfactualSamples DrawCounterfactual(int count, int batchSize, long seed, SamplingOptions? options = null) =>
        Causal.DrawCounterfactual(count, batchSize, seed, (options ?? new SamplingOptions()) with { Among = Variables });

    /// <summary>Turns samples into the examples of this alignment: each variable's source in its place, and the outputs as labels.</summary>
    /// <param name="samples">The samples, of the same causal model.</param>
    /// <param name="inputs">
    /// Makes what the model takes of a list of causal inputs, one row an entry; a tensor [example, numbers] of the inputs by name when <see langword="null"/>.
    /// </param>
    /// <param name="label">
    /// Returns the class, or the next token, that a whole setting of the causal model stands for; its only output as a whole number when
    /// <see langword="null"/>.
    /// </param>
    /// <returns>The examples. Their tensors belong to the current dispose scope, where there is one, and must live as long as the set is used.</returns>
    /// <exception cref="CausalModelException">The samples are of another causal model, or intervene on a variable that is not aligned.</exception>
    public CounterfactualSet ToExamples(
        CounterfactualSamples samples, Func<CausalSettings, ModelInputs>? inputs = null, Func<CausalSetting, long>? label = null) =>
        Checked(samples).ToExamples(Variables, inputs, label);

    /// <summary>Turns samples into the examples of this alignment in text, for language models.</summary>
    /// <param name="samples">The samples, of the same causal model.</param>
    /// <param name="prompt">Returns the prompt, one text, that an input of the causal model stands for.</param>
    /// <param name="label">Returns the next token that a whole setting of the causal model stands for, with its leading space where it has one.</param>
    /// <exception cref="CausalModelException">The samples are of another causal model, or intervene on a variable that is not aligned.</exception>
    public CounterfactualSet ToExamples(CounterfactualSamples samples, Func<CausalSetting, Prompt> prompt, Func<CausalSetting, string> label) =>
        Checked(samples).ToExamples(prompt, label, Variables);

    /// <summary>Returns the variables with their places in words.</summary>
    public override string ToString() => string.Join("; ", variables.Select(variable => variable.ToString()));

    /// <summary>Returns a copy that also joins a variable to a place.</summary>
    internal Alignment<TCausal, TModel, TNext> Then<TNext>(string variable, Site<TModel> place, Intervention? intervention)
        where TNext : ISourceCount
    {
        var added = new AlignedVariable(variable.Given(), place.Given().Spec, intervention);
        CausalExamples.BitOf(Causal, added.Name);
        if (variables.Any(other => other.Name == added.Name))
        {
            throw new CausalModelException(added.Name, $"The variable '{added.Name}' is aligned twice; each variable has one place.");
        }

        if (intervention is not null && intervention.Source == SourceNeed.None)
        {
            throw new InterventionException(
                "intervention", $"'{added.Name}' is aligned by '{intervention.Type}', which reads no source and so exchanges nothing; give one that does.");
        }

        foreach (var other in variables)
        {
            if (other.SharedWith(added, out var isShared) is var feature && isShared)
            {
                throw new InterventionException(
                    "features",
                    $"'{other.Name}' and '{added.Name}' overlap: {other.Words} and {added.Words}{(feature is null ? "" : $" share feature {feature}")}. "
                        + "Give each features of its own, as in Features(0..8) and Features(8..16), or another place.");
            }
        }

        return new(Causal, start, variables.Add(added));
    }

    /// <summary>Makes the rotations that are missing, and binds the experiment.</summary>
    internal AlignmentPlan<TModel, TSources> Bind(nn.Module model, PromptEncoder? prompts, CounterfactualSet examples, long seed)
    {
        if (examples.Given().SourceCount != variables.Length)
        {
            throw new InterventionException(
                "sources",
                $"The alignment has a source for each variable ({string.Join(", ", Variables)}), {variables.Length} in all, but the examples have "
                    + $"{examples.SourceCount}; make them with the alignment's ToExamples.");
        }

        var rotations = new Dictionary<SiteSpec, RotatedSpace>();
        try
        {
            foreach (var (place, width) in Widths(model, prompts, examples))
            {
                CheckFeatures(place, width);
                rotations[place] = Rotation(width, seed + rotations.Count);
            }

            var experiment = variables.Select((variable, source) => (variable, source)).Aggregate(
                start.Counting<TSources>(variables.Length),
                (sofar, item) => sofar.Then<TSources>(item.variable.Intervention ?? rotations[item.variable.Whole], item.variable.Place, item.source));
            return new(InterventionPlan.Bind(model, experiment.ToConfig()), prompts, experiment, [.. rotations.Values], examples);
        }
        catch
        {
            foreach (var rotation in rotations.Values)
            {
                rotation.Dispose();
            }

            throw;
        }
    }

    private static RotatedSpace Rotation(int width, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(unchecked((ulong)seed), CPU);
        var rotation = new RotatedSpace(width);
        rotation.AssignRotation(randn([width, width], dtype: float32, generator: generator));
        return rotation;
    }

    /// <summary>Finds how wide the values are at the places that need a rotation: a run of one example shows it for modules of every kind.</summary>
    private List<(SiteSpec Place, int Width)> Widths(nn.Module model, PromptEncoder? prompts, CounterfactualSet examples)
    {
        SiteSpec[] places = [.. variables.Where(variable => variable.Intervention is null).Select(variable => variable.Whole).Distinct()];
        if (places.Length == 0) return [];
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(model, Experiment<TModel, NoSource>.Empty.ToConfig() with
        {
            Sources = variables.Length,
            Interventions = [.. places.Select(place => new InterventionSpec { Intervention = new Collect(), Site = place })],
        });
        var batch = PlanTraining.Columns(plan, prompts, examples).Take([0]);
        using var run = plan.Run(
            batch.Base, [.. batch.Sources.Select(_ => (Batch?)null)], new RunOptions { NextTokenOnly = true, WithClean = false, Effects = EffectCheck.Report });

        // A rotation takes the positions of an example side by side, or its heads at a position.
        return [.. places.Select((place, index) => (place, (int)(run.Collected[index] is { ndim: 4 } heads
            ? heads.shape[1] * heads.shape[3]
            : run.Collected[index].numel() / run.Collected[index].shape[0])))];
    }

    private void CheckFeatures(SiteSpec place, int width)
    {
        foreach (var variable in variables.Where(variable => variable.Intervention is null && variable.Whole == place))
        {
            if (variable.Place.Features is { Index.Largest: var largest } && largest >= width)
            {
                throw new InterventionException(
                    "features",
                    $"'{variable.Name}' is aligned with {variable.Words}, which is {width} wide (0 to {width - 1}); feature {largest} is out of range.");
            }
        }
    }

    private CounterfactualSamples Checked(CounterfactualSamples samples) => ReferenceEquals(samples.Given().Model, Causal)
        ? samples
        : throw new CausalModelException(
            null, "The samples are of another causal model than the alignment's; draw them with the alignment's DrawCounterfactual.");
}
