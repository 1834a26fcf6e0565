using System.Collections.Immutable;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Is counterfactual examples to train or to evaluate an alignment with: bases, sources and the outputs that are right under the interventions.
/// </summary>
public sealed class CounterfactualSet
{
    private readonly ImmutableArray<Counterfactual> examples;

    private CounterfactualSet(int count, int sources, ImmutableArray<Counterfactual> examples, ExampleTensors? tensors) =>
        (Count, SourceCount, this.examples, Tensors) = (count, sources, examples, tensors);

    /// <summary>Says where the tensors of a set must lie.</summary>
    internal delegate Device DeviceOfData();

    /// <summary>Gets the number of examples.</summary>
    public int Count { get; }

    /// <summary>Gets the number of sources of every example.</summary>
    public int SourceCount { get; }

    /// <summary>Gets the examples in text; empty when the set was made of tensors.</summary>
    public IReadOnlyList<Counterfactual> Examples => examples;

    /// <summary>Gets the tensors that the set was made of; null when it was made of texts.</summary>
    internal ExampleTensors? Tensors { get; }

    /// <summary>Makes a set of examples in text, for language models.</summary>
    /// <param name="examples">The examples, at least one, all with the same number of sources; each label is one token of the model's tokenizer.</param>
    /// <exception cref="ArgumentException">There is none, or the numbers of sources differ.</exception>
    public static CounterfactualSet Of(params IEnumerable<Counterfactual> examples)
    {
        ImmutableArray<Counterfactual> all = [.. examples.Given()];
        if (all.IsEmpty || all.Any(example => example.Given().Sources.Length != all[0].Sources.Length))
        {
            throw new ArgumentException("A set needs at least one example, and the same number of sources in all of them.", nameof(examples));
        }

        if (all.Any(example => example.BaseLabel is null) && all.Any(example => example.BaseLabel is not null))
        {
            throw new ArgumentException("Some examples tell the label of their base, and some do not; tell it in all of them, or in none.", nameof(examples));
        }

        return new(all.Length, all[0].Sources.Length, all, null);
    }

    /// <summary>Makes a set of tensors, one row an example. They stay the caller's and must live as long as the set is used.</summary>
    /// <param name="base">What is intervened on: a tensor [example, …], several, or named ones.</param>
    /// <param name="sources">What is read, in order, of the same form.</param>
    /// <param name="labels">The right classes, or next tokens, under the interventions: int64 [example].</param>
    /// <param name="given">
    /// Whether an example has a source: bool [example, source]; where it has none, what reads it does nothing; <see langword="null"/> = all have all.
    /// </param>
    /// <param name="baseLabels">The right classes of the bases without interventions: int64 [example]; <see langword="null"/> = not told.</param>
    /// <exception cref="ArgumentException">The numbers of examples differ, or a tensor has another dtype.</exception>
    public static CounterfactualSet OfTensors(
        ModelInputs @base, IReadOnlyList<ModelInputs> sources, Tensor labels, Tensor? given = null, Tensor? baseLabels = null) =>
        OfTensors(@base, sources, labels, given, baseLabels, []);

    /// <summary>As the public one, with positions that the examples mark: those of the base, then those of each source.</summary>
    internal static CounterfactualSet OfTensors(
        ModelInputs @base,
        IReadOnlyList<ModelInputs> sources,
        Tensor labels,
        Tensor? given,
        Tensor? baseLabels,
        IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<Positions>>> marks)
    {
        if (sources.Given().Count > 64) throw new ArgumentException("A set has at most 64 sources.", nameof(sources));
        var count = CheckedRows(@base, "base", null);
        foreach (var (source, index) in sources.Select((source, index) => (source, index)))
        {
            CheckedRows(source, $"sources[{index}]", count);
        }

        Check(labels.Given(), "labels", int64, [count]);
        if (given is not null) Check(given, "given", @bool, [count, sources.Count]);
        if (baseLabels is not null) Check(baseLabels, "baseLabels", int64, [count]);
        if (marks.Count > 0 && marks.Count != sources.Count + 1)
        {
            throw new ArgumentException(
                $"Marks are those of the base and of {sources.Count} sources, but there are {marks.Count} lists of them.", nameof(marks));
        }

        foreach (var (name, positions) in marks.SelectMany(part => part))
        {
            if (positions.Count == 1 || positions.Count == count) continue;
            throw new ArgumentException(
                $"The mark \"{name}\" needs one position for all examples, or one for each of the {count}; {positions.Count} are given.", nameof(marks));
        }

        return new((int)count, sources.Count, [], new(@base, sources, labels, given, baseLabels, marks));
    }

    /// <summary>Returns the examples as columns; their tensors belong to the current dispose scope or to the caller of <c>OfTensors</c>.</summary>
    /// <param name="prompts">Turns text into tokens; null for a model without.</param>
    /// <param name="device">Returns the model's device.</param>
    /// <exception cref="InterventionException">The set is of texts and the model reads none, or a label is not one token.</exception>
    internal ExampleColumns Columns(PromptEncoder? prompts, DeviceOfData device) => Tensors is { } tensors
        ? ExampleColumns.Of(tensors, device())
        : ExampleColumns.Of(examples, prompts);

    private static long CheckedRows(ModelInputs inputs, string name, long? expected)
    {
        var rows = inputs.Given(name).Leading?.shape[0] ?? throw new ArgumentException($"The {name} hold no tensor.", name);
        return rows > 0 && rows == (expected ?? rows)
            ? rows
            : throw new ArgumentException($"The {name} have {rows} examples, but the base has {expected ?? rows}; every tensor has a row an example.", name);
    }

    private static void Check(Tensor tensor, string name, ScalarType dtype, long[] shape)
    {
        if (tensor.dtype != dtype || !tensor.shape.SequenceEqual(shape))
        {
            throw new ArgumentException(
                $"The {name} must be {dtype} [{string.Join(", ", shape)}], but are {tensor.dtype} [{string.Join(", ", tensor.shape)}].", name);
        }
    }
}
