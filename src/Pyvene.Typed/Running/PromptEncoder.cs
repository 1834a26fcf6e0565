using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Turns prompts into batches on the model's device: shorter examples are padded on the left, and positions count real tokens.</summary>
internal sealed class PromptEncoder(TextTokenizer? tokenizer, PretrainedModel model)
{
    /// <summary>Gets the tokenizer, or null.</summary>
    public TextTokenizer? Tokenizer => tokenizer;

    /// <summary>Returns the batch of a prompt; its tensors belong to the current dispose scope.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="role">The prompt's role in the run, such as <c>base</c>, for messages.</param>
    /// <exception cref="ArgumentNullException">There is no prompt.</exception>
    /// <exception cref="InterventionException">A text has no token, or more than the model reads, or there is no tokenizer for it.</exception>
    public Batch Encode(Prompt prompt, string role)
    {
        RefuseMissing(prompt, role);
        if (prompt.Texts.Length == 0)
        {
            return new Batch(Inputs([.. prompt.TokenIds], role), marks: MarksOf(prompt));
        }

        var encodings = prompt.Texts.Select(text => Required(role).EncodeWithOffsets(text)).ToArray();
        return encodings.Select((encoding, example) => (encoding, example)).FirstOrDefault(item => item.encoding.Ids.Count == 0) is { encoding: not null } empty
            ? throw new InterventionException(role, $"The text of example {empty.example} of the {role} has no token: \"{prompt.Texts[empty.example]}\".")
            : new Batch(
                Inputs([.. encodings.Select(encoding => encoding.Ids)], role),
                [.. encodings.Select((encoding, example) => new TokenizedText(prompt.Texts[example], encoding.Offsets))],
                MarksOf(prompt));
    }

    /// <summary>Checks that there is a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="role">The prompt's role in the run, such as <c>base</c>.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static void RefuseMissing([NotNull] Prompt? prompt, string role) => _ = prompt
        ?? throw new ArgumentNullException(role, $"There is no prompt for the {role}. Give a text, or Prompt.Of(…) for several, or Prompt.OfTokens(…).");

    /// <summary>Returns the batches of sources, <see langword="null"/> for one that is left out; their tensors belong to the current dispose scope.</summary>
    /// <param name="sources">The sources, in order.</param>
    /// <exception cref="InterventionException">A text has no token, or there is no tokenizer for it.</exception>
    public Batch?[] Encode(ReadOnlySpan<SourceInput> sources)
    {
        var batches = new Batch?[sources.Length];
        for (var index = 0; index < sources.Length; index++)
        {
            if (sources[index] is null)
            {
                throw new ArgumentNullException(
                    $"source {index}", $"There is no source {index}. Give a text or a Prompt, or leave it out on purpose with Source.Skip.");
            }

            batches[index] = sources[index].Prompt is { } prompt ? Encode(prompt, $"source {index}") : null;
        }

        return batches;
    }

    private void CheckLength(IReadOnlyList<IReadOnlyList<int>> examples, string role)
    {
        for (var example = 0; example < examples.Count; example++)
        {
            if (examples[example].Count > model.ContextLength)
            {
                throw new InterventionException(role, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Example {example} of the {role} has {examples[example].Count} tokens, but the model reads at most {model.ContextLength}. Shorten it, or ")
                        + "take a model with a longer context.");
            }
        }
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<Positions>> MarksOf(Prompt prompt) =>
        prompt.Marks.IsEmpty ? Batch.NoMarks : prompt.Marks.ToDictionary(mark => mark.Key, mark => (IReadOnlyList<Positions>)mark.Value);

    private TextTokenizer Required(string role) =>
        tokenizer ?? throw new InterventionException(role, $"The {role} is text, but the model has no tokenizer; give token ids with Prompt.OfTokens.");

    private ModelInputs Inputs(IReadOnlyList<IReadOnlyList<int>> examples, string role)
    {
        ModelGate.RefuseDisposed(model);
        CheckLength(examples, role);
        var (rows, columns) = (examples.Count, examples.Max(ids => ids.Count));
        var pad = tokenizer?.PadTokenId ?? 0;
        var device = model.parameters().First().device; // asked each time: the user may have moved the model
        var (ids, mask, positions) = (new long[rows * columns], new long[rows * columns], new long[rows * columns]);
        for (var row = 0; row < rows; row++)
        {
            var padding = columns - examples[row].Count;
            for (var column = 0; column < columns; column++)
            {
                var at = (row * columns) + column;
                var isReal = column >= padding;
                ids[at] = isReal ? examples[row][column - padding] : pad;
                mask[at] = isReal ? 1 : 0;
                positions[at] = isReal ? column - padding : 1; // transformers' generate(): the cumulative mask − 1, and 1 where there is padding
            }
        }

        var isPadded = examples.Any(example => example.Count < columns);
        return new ModelInputs { InputIds = Table(ids), AttentionMask = isPadded ? Table(mask) : null, PositionIds = isPadded ? Table(positions) : null };

        Tensor Table(long[] values) => tensor(values, [rows, columns], dtype: int64, device: device); // [batch, position]
    }
}
