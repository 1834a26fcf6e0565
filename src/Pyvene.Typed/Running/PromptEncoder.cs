using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Turns prompts into batches on the model's device: shorter examples are padded on the left, and positions count real tokens.</summary>
/// <remarks>
/// Where a decoder follows an encoder, the prompt is what the encoder reads, with the special tokens that its tokenizer adds; the decoder's tokens are the one
/// that every text begins with and then what the prompt says of its decoder, without special tokens. Both are rows with positions of their own.
/// </remarks>
/// <param name="tokenizer">The tokenizer, or null.</param>
/// <param name="model">The model.</param>
/// <param name="defaults">Returns the options of the model's folder, which know the token that a decoder's text begins with; null = there are none.</param>
internal sealed class PromptEncoder(TextTokenizer? tokenizer, PretrainedModel model, Func<GenerationOptions>? defaults = null)
{
    /// <summary>Gets the tokenizer, or null.</summary>
    public TextTokenizer? Tokenizer => tokenizer;

    /// <summary>Returns the batch of a prompt; its tensors belong to the current dispose scope.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="role">The prompt's role in the run, such as <c>base</c>, for messages.</param>
    /// <param name="generation">The options of a generation, which may say the token that a decoder's text begins with; null = those of the folder.</param>
    /// <exception cref="ArgumentNullException">There is no prompt.</exception>
    /// <exception cref="InterventionException">
    /// A text has no token, or more than the model reads, or there is no tokenizer for it; or the decoder's text cannot begin.
    /// </exception>
    public Batch Encode(Prompt prompt, string role, GenerationOptions? generation = null)
    {
        RefuseMissing(prompt, role);
        ModelGate.RefuseDisposed(model);
        if (!model.HasDecoder && prompt.Decoder is not null)
        {
            throw new InterventionException(
                role, $"The {role} says what a decoder's text begins with, but a {model.GetName()} has no decoder behind an encoder; write it into the "
                    + "prompt.");
        }

        if (prompt.Inputs is { } given && (!model.HasDecoder || (given.DecoderInputIds ?? given.DecoderInputsEmbeds ?? given.Labels) is not null))
        {
            return prompt.Decoder is null ? new Batch(given, new TokenNotes(null, MarksOf(prompt))) : throw new InterventionException(
                role, $"The {role} says twice what the decoder reads, by its tensors and by WithDecoder; leave one out.");
        }

        var (ids, notes) = prompt.Inputs is null ? TokensOf(prompt, role, first: null) : ([], new TokenNotes(null, MarksOf(prompt)));
        var read = prompt.Inputs ?? Read(ids, role);
        if (!model.HasDecoder) return new Batch(read, notes);
        var first = FirstToken(role, generation);
        var (written, texts) = prompt.Decoder is { } decoder
            ? TokensOf(decoder, $"decoder of the {role}", first)
            : ([.. Enumerable.Repeat<IReadOnlyList<int>>([first], prompt.Count)], TokenNotes.None);
        CheckLength(written, $"decoder of the {role}");
        var (tokens, mask, positions) = Tables(written);
        return new Batch(
            read with { DecoderInputIds = tokens, DecoderAttentionMask = mask, DecoderPositionIds = positions }, notes with { Decoder = texts });
    }

    /// <summary>Checks that there is a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="role">The prompt's role in the run, such as <c>base</c>.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static void RefuseMissing([NotNull] Prompt? prompt, string role) => _ = prompt
        ?? throw new ArgumentNullException(role, $"There is no prompt for the {role}. Give a text, or Prompt.Of(…) for several, or Prompt.OfTokens(…).");

    /// <summary>Returns the batches of sources, <see langword="null"/> for one that is left out; their tensors belong to the current dispose scope.</summary>
    /// <param name="sources">The sources, in order.</param>
    /// <param name="generation">The options of a generation; null = those of the folder.</param>
    /// <exception cref="InterventionException">A text has no token, or there is no tokenizer for it.</exception>
    public Batch?[] Encode(ReadOnlySpan<SourceInput> sources, GenerationOptions? generation = null)
    {
        var batches = new Batch?[sources.Length];
        for (var index = 0; index < sources.Length; index++)
        {
            if (sources[index] is null)
            {
                throw new ArgumentNullException(
                    $"source {index}", $"There is no source {index}. Give a text or a Prompt, or leave it out on purpose with Source.Skip.");
            }

            batches[index] = sources[index].Prompt is { } prompt ? Encode(prompt, $"source {index}", generation) : null;
        }

        return batches;
    }

    /// <summary>Returns the ids of one example's real tokens that the output has positions of: the decoder's, where one follows an encoder.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="example">The example.</param>
    public IReadOnlyList<int> TokensOf(Prompt prompt, int example)
    {
        if (!model.HasDecoder && prompt.Inputs is null)
        {
            return prompt.Texts.Length == 0 ? prompt.TokenIds[example] : Required("base").Encode(prompt.Texts[example]);
        }

        using var scope = NewDisposeScope();
        var batch = Encode(prompt, "base");
        if ((model.HasDecoder ? batch.Inputs.DecoderInputIds : batch.Inputs.InputIds) is not { } ids || batch.Tokens is not { } tokens)
        {
            throw new InterventionException("base", "The prompt has no token ids, so its positions have no tokens that could be named.");
        }

        var row = ids[example].to(int64).cpu().data<long>().ToArray();
        return [.. Enumerable.Range(0, (int)tokens.Length(example)).Select(index => (int)row[tokens.Column(example, index)])];
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<Positions>> MarksOf(Prompt prompt) =>
        prompt.Marks.IsEmpty ? TokenNotes.NoMarks : prompt.Marks.ToDictionary(mark => mark.Key, mark => (IReadOnlyList<Positions>)mark.Value);

    /// <summary>Returns the tokens of every example of texts or token ids, and what they say.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="role">Its role, for messages.</param>
    /// <param name="first">The token that each begins with, put before it where it is not there; null = the tokenizer adds its special tokens.</param>
    private (IReadOnlyList<IReadOnlyList<int>> Ids, TokenNotes Notes) TokensOf(Prompt prompt, string role, int? first)
    {
        if (prompt.Texts.Length == 0) return ([.. prompt.TokenIds.Select(ids => Begun(ids, first))], new TokenNotes(null, MarksOf(prompt)));
        var encodings = prompt.Texts.Select(text => Required(role).EncodeWithOffsets(text, addSpecialTokens: first is null)).ToArray();
        if (first is null && Array.FindIndex(encodings, encoding => encoding.Ids.Count == 0) is >= 0 and var empty)
        {
            throw new InterventionException(role, $"The text of example {empty} of the {role} has no token: \"{prompt.Texts[empty]}\".");
        }

        return (
            [.. encodings.Select(encoding => Begun(encoding.Ids, first))],
            new TokenNotes(
                [.. encodings.Select((encoding, example) => new TokenizedText(
                    prompt.Texts[example], IsBegun(encoding.Ids, first) ? encoding.Offsets : [default, .. encoding.Offsets]))],
                MarksOf(prompt)));
    }

    private static bool IsBegun(IReadOnlyList<int> ids, int? first) => first is null || (ids.Count > 0 && ids[0] == first);

    private static IReadOnlyList<int> Begun(IReadOnlyList<int> ids, int? first) => IsBegun(ids, first) ? ids : [first!.Value, .. ids];

    private int FirstToken(string role, GenerationOptions? generation) =>
        (int?)GenerationPrompt.FirstToken(generation ?? defaults?.Invoke() ?? new GenerationOptions(), model.Config) ?? throw new InterventionException(
            role,
            "The model's folder does not say which token the text of its decoder begins with: neither config.json nor generation_config.json has "
                + "decoder_start_token_id. Give the tokens of the decoder in tensors, Prompt.OfInputs(new ModelInputs { …, DecoderInputIds = … }).");

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

    private TextTokenizer Required(string role) =>
        tokenizer ?? throw new InterventionException(role, $"The {role} is text, but the model has no tokenizer; give token ids with Prompt.OfTokens.");

    private ModelInputs Read(IReadOnlyList<IReadOnlyList<int>> examples, string role)
    {
        CheckLength(examples, role);
        // Without a mask, a generation behind an encoder would take the padding token for padding wherever it stands.
        var (tokens, mask, positions) = Tables(examples, alwaysMasked: model.HasDecoder);
        return new ModelInputs { InputIds = tokens, AttentionMask = mask, PositionIds = positions };
    }

    /// <summary>Returns tokens, mask and positions of examples, the last two only where there is padding: [batch, position].</summary>
    private (Tensor Tokens, Tensor? Mask, Tensor? Positions) Tables(IReadOnlyList<IReadOnlyList<int>> examples, bool alwaysMasked = false)
    {
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
        return (Table(ids), isPadded || alwaysMasked ? Table(mask) : null, isPadded && model.TakesPositionIds ? Table(positions) : null);

        Tensor Table(long[] values) => tensor(values, [rows, columns], dtype: int64, device: device); // [batch, position]
    }
}
