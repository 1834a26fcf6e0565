using System.Collections.Immutable;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Training;

/// <summary>Is one counterfactual example in text: what a model reads, what the interventions read, and the token that it must say then. Immutable.</summary>
/// <remarks>
/// Where a place differs from example to example, it is marked: <c>Prompt.Of("Mary said because").Mark("name", "Mary")</c> and
/// <c>At(Positions.Marked("name"))</c>.
/// </remarks>
public sealed record Counterfactual
{
    /// <summary>Initialises the example.</summary>
    /// <param name="base">The prompt that is intervened on, one text.</param>
    /// <param name="source">
    /// The prompt that is read, one text; <see cref="Source.Skip"/> leaves it out, so that what reads it does nothing in this example.
    /// </param>
    /// <param name="label">The right next token under the interventions, with its leading space where it has one.</param>
    public Counterfactual(Prompt @base, SourceInput source, string label)
        : this(@base, [source], label)
    {
    }

    /// <summary>Initialises an example without a source, for interventions that read none.</summary>
    /// <param name="base">The prompt that is intervened on, one text.</param>
    /// <param name="label">The right next token under the interventions, with its leading space where it has one.</param>
    public Counterfactual(Prompt @base, string label)
        : this(@base, [], label)
    {
    }

    /// <summary>Initialises the example.</summary>
    /// <param name="base">The prompt that is intervened on, one text.</param>
    /// <param name="sources">The prompts that are read, in order, one text each; <see cref="Source.Skip"/> leaves one out.</param>
    /// <param name="label">The right next token under the interventions, with its leading space where it has one.</param>
    /// <exception cref="ArgumentException">A prompt has several texts.</exception>
    public Counterfactual(Prompt @base, IReadOnlyList<SourceInput> sources, string label)
    {
        (Base, Sources, Label) = (@base.Given(), [.. sources.Given()], label.Given());
        if (Base.Count != 1 || Sources.Any(source => source.Given().Prompt is { Count: not 1 }))
        {
            throw new ArgumentException("An example has one text as its base and one for every source; give several texts as several examples.");
        }
    }

    /// <summary>Gets the prompt that is intervened on.</summary>
    public Prompt Base { get; }

    /// <summary>Gets the prompts that are read, in order.</summary>
    public ImmutableArray<SourceInput> Sources { get; }

    /// <summary>Gets the right next token under the interventions.</summary>
    public string Label { get; }

    /// <summary>
    /// Gets the right next token of the base without interventions, for <see cref="TrainingOptions.TaskWeight"/>; <see langword="null"/> = not told.
    /// </summary>
    public string? BaseLabel { get; init; }
}
