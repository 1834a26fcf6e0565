using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is a set's examples as tensors, one row an example, from which batches are taken.</summary>
internal sealed record ExampleColumns
{
    // With fewer in a call, calls cost more than what they compute. Without gradients nothing of them is kept.
    private const long TokensOfCall = 2048;

    private (long Least, long Most)? range;

    /// <summary>Gets what is intervened on.</summary>
    public required ModelInputs Base { get; init; }

    /// <summary>Gets what is read.</summary>
    public required IReadOnlyList<ModelInputs> Sources { get; init; }

    /// <summary>Gets the right outputs: int64 [example].</summary>
    public required Tensor Labels { get; init; }

    /// <summary>Gets the right outputs of the bases, or null: int64 [example].</summary>
    public Tensor? BaseLabels { get; init; }

    /// <summary>Gets which sources every example has: bit s stands for source s.</summary>
    public required ulong[] Given { get; init; }

    /// <summary>Returns whether an example has a source.</summary>
    public bool Has(int row, int source) => (Given[row] >> source & 1) == 1;

    /// <summary>Gets how many examples there are.</summary>
    public int Count => Given.Length;

    /// <summary>Returns how many examples run together where no gradients are recorded.</summary>
    /// <param name="batchSize">How many learn together.</param>
    public int TogetherWithoutGradients(int batchSize) => Base.InputIds is { } ids
        ? (int)Math.Max(batchSize, TokensOfCall / Math.Max(1, ids.shape[^1]))
        : batchSize;

    /// <summary>Gets what is known of the tokens of the base and then of every source.</summary>
    public required IReadOnlyList<TokenNotes> Notes { get; init; }

    /// <summary>Makes the columns of texts; the tensors belong to the current dispose scope.</summary>
    public static ExampleColumns Of(ImmutableArray<Counterfactual> examples, PromptEncoder? prompts)
    {
        if (prompts is not { Tokenizer: { } tokenizer })
        {
            throw new InterventionException(
                "base",
                "The examples are texts, which this model does not read or has no tokenizer for; make the set of tensors, CounterfactualSet.OfTensors.");
        }

        var @base = prompts.Encode(Prompt.Together([.. examples.Select(example => example.Base)]), "base");
        // An example without a source reads its own base there, and nothing uses it.
        var sources = Enumerable.Range(0, examples[0].Sources.Length)
            .Select(source =>
                prompts.Encode(Prompt.Together([.. examples.Select(example => example.Sources[source].Prompt ?? example.Base)]), $"source {source}"))
            .ToArray();
        return new ExampleColumns
        {
            Base = @base.Inputs,
            Sources = [.. sources.Select(source => source.Inputs)],
            Labels = Ids(examples.Select(example => example.Label)),
            BaseLabels = examples[0].BaseLabel is null ? null : Ids(examples.Select(example => example.BaseLabel!)),
            Given = [.. examples.Select(example => Bits(example.Sources.Length, source => example.Sources[source].Prompt is not null))],
            Notes = [@base.Notes, .. sources.Select(source => source.Notes)],
        };

        Tensor Ids(IEnumerable<string> labels) => tensor([.. labels.Select(label => Id(tokenizer, label))], dtype: int64, device: @base.Device); // [example]
    }

    /// <summary>Makes the columns of tensors.</summary>
    public static ExampleColumns Of(ExampleTensors tensors, Device device)
    {
        var (@base, sources, labels, given, baseLabels, marks) = tensors;
        using var host = given?.cpu();
        var flags = host?.data<bool>().ToArray();
        return new ExampleColumns
        {
            Base = @base,
            Sources = sources,
            Labels = labels.to(device),
            BaseLabels = baseLabels?.to(device),
            Given = [.. Enumerable.Range(0, (int)labels.shape[0])
                .Select(row => Bits(sources.Count, source => flags?[(row * sources.Count) + source] ?? true))],
            Notes = [.. Enumerable.Range(0, sources.Count + 1).Select(index => new TokenNotes(null, marks.ElementAtOrDefault(index) ?? TokenNotes.NoMarks))],
        };
    }

    /// <summary>Takes some examples, all with the same sources; the tensors belong to the current dispose scope.</summary>
    /// <param name="rows">The examples.</param>
    public ExampleBatch Take(int[] rows)
    {
        using var index = tensor([.. rows.Select(row => (long)row)], dtype: int64, device: Labels.device); // [row]
        return new ExampleBatch(
            BatchOf(Base, 0),
            [.. Sources.Select((source, number) => Has(rows[0], number) ? BatchOf(source, number + 1) : null)],
            Labels.index_select(0, index),
            BaseLabels?.index_select(0, index),
            range ??= RangeOf([Labels, .. BaseLabels is { } labels ? [labels] : Array.Empty<Tensor>()]));

        Batch BatchOf(ModelInputs inputs, int part) => new(Trimmed(inputs.SelectRows(index)), Notes[part].Examples(rows));
    }

    /// <summary>Returns the examples as a control runs them; new tensors belong to the current dispose scope.</summary>
    /// <param name="control">The control.</param>
    /// <exception cref="InterventionException">It deals out the sources of other examples, and there are none.</exception>
    public ExampleColumns Under(Control control)
    {
        if (control.Kind == ControlKind.SelfSwap)
        {
            return this with
            {
                Sources = [.. Sources.Select(_ => Base)],
                Notes = [.. Notes.Select(_ => Notes[0])],
            };
        }

        if (control.Kind != ControlKind.ShuffledSource) return this;
        var order = new int[Count];
        foreach (var alike in Enumerable.Range(0, Count).GroupBy(row => Given[row]))
        {
            int[] rows = [.. alike];
            var others = control.OrderOf(rows.Length);
            for (var index = 0; index < rows.Length; index++)
            {
                order[rows[index]] = rows[others[index]];
            }
        }

        using var dealt = tensor([.. order.Select(row => (long)row)], dtype: int64, device: Labels.device); // [example]
        return this with
        {
            Sources = [.. Sources.Select(source => source.SelectRows(dealt))],
            Notes = [Notes[0], .. Notes.Skip(1).Select(notes => notes.Examples(order))],
        };
    }

    /// <summary>Writes what tells these examples from others.</summary>
    public void Tell(StringBuilder text)
    {
        foreach (var tensor in Sources.Prepend(Base).SelectMany(inputs => inputs.RowTensors).Append(Labels).Append(BaseLabels))
        {
            using var host = tensor?.cpu().contiguous();
            text.Append(host is null ? "-" : $"{host.dtype} {string.Join(' ', host.shape)} {Convert.ToHexString(SHA256.HashData(host.bytes))}").Append('\n');
        }

        text.AppendJoin(' ', Given).Append('\n');
        foreach (var (name, positions) in Notes.SelectMany(MarksOf))
        {
            text.Append(name).Append(' ').AppendJoin(' ', positions).Append('\n');
        }
    }

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<Positions>>> MarksOf(TokenNotes notes) =>
        notes.Marks.OrderBy(mark => mark.Key, StringComparer.Ordinal).Concat(notes.Decoder is { } decoder ? MarksOf(decoder) : []);

    private static ulong Bits(int sources, Func<int, bool> isGiven)
    {
        var bits = 0UL;
        for (var source = 0; source < sources; source++)
        {
            bits |= isGiven(source) ? 1UL << source : 0;
        }

        return bits;
    }

    private static (long Least, long Most) RangeOf(IReadOnlyList<Tensor> labels)
    {
        using var scope = NewDisposeScope();
        return (labels.Min(one => one.min().cpu().item<long>()), labels.Max(one => one.max().cpu().item<long>()));
    }

    /// <summary>Leaves out the columns that are padding in every row.</summary>
    private static ModelInputs Trimmed(ModelInputs inputs)
    {
        if (inputs is not { InputIds: { } ids, AttentionMask: { ndim: 2 } mask }) return inputs;
        using var used = mask.amax([0L]).cpu(); // [position]
        var flags = used.data<long>().ToArray();
        var first = Array.FindIndex(flags, flag => flag != 0);
        if (first <= 0) return inputs;
        var columns = ids.shape[1] - first;
        var shorter = mask.narrow(1, first, columns); // [row, position]
        var isWhole = shorter.amin([0L, 1L]).cpu().item<long>() != 0;
        return inputs with
        {
            InputIds = ids.narrow(1, first, columns),
            AttentionMask = isWhole ? null : shorter,
            PositionIds = isWhole ? null : inputs.PositionIds?.narrow(1, first, columns),
        };
    }

    private static long Id(TextTokenizer tokenizer, string label) => tokenizer.TryGetId(label, out var id)
        ? id
        : throw new InterventionException(
            "labels",
            $"The label \"{label}\" is not one token but "
                + $"{string.Join(", ", tokenizer.Encode(label, addSpecialTokens: false).Select(piece => $"\"{tokenizer.TokenText(piece)}\""))}."
                + $"{(!label.StartsWith(' ') && tokenizer.TryGetId(" " + label, out _) ? $" Did you mean \" {label}\", with its space?" : "")}");
}
