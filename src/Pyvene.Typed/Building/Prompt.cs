using System.Collections.Immutable;
using Pyvene.Typed.Models;

namespace Pyvene.Typed;

/// <summary>
/// Is what a language model reads: one text, a batch of texts, token ids, or tensors such as the features of a sound; and, where a decoder follows an encoder,
/// what the decoder's own text begins with. Immutable; tensors stay the caller's.
/// </summary>
public sealed class Prompt
{
    private Prompt(
        ImmutableArray<string> texts, ImmutableArray<ImmutableArray<int>> tokenIds, ImmutableDictionary<string, ImmutableArray<Positions>>? marks = null)
    {
        Texts = texts;
        TokenIds = tokenIds;
        Marks = marks ?? ImmutableDictionary<string, ImmutableArray<Positions>>.Empty;
    }

    /// <summary>Gets the texts, one an example; empty when token ids or tensors were given.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>Gets the token ids, one list an example; empty when texts or tensors were given.</summary>
    public ImmutableArray<ImmutableArray<int>> TokenIds { get; }

    /// <summary>Gets the tensors, [batch, …]; <see langword="null"/> when texts or token ids were given.</summary>
    public ModelInputs? Inputs { get; private init; }

    /// <summary>
    /// Gets what the text of the decoder begins with, behind the token that every text begins with; <see langword="null"/> = that token alone.
    /// </summary>
    public Prompt? Decoder { get; private init; }

    /// <summary>Returns a batch of texts; shorter ones are padded on the left when it runs.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static Prompt Of(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count > 0 && texts.All(text => text is not null)
            ? new Prompt([.. texts], [])
            : throw new ArgumentException("A prompt needs at least one text, and none that is null.", nameof(texts));
    }

    /// <summary>Returns a batch of token ids; shorter ones are padded on the left when it runs.</summary>
    /// <param name="tokenIds">The ids, at least one example and one token in each.</param>
    /// <exception cref="ArgumentException">There is no example, or one without a token.</exception>
    public static Prompt OfTokens(params IReadOnlyList<IReadOnlyList<int>> tokenIds)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        return tokenIds.Count > 0 && tokenIds.All(ids => ids is { Count: > 0 })
            ? new Prompt([], [.. tokenIds.Select(ids => ids.ToImmutableArray())])
            : throw new ArgumentException("A prompt needs at least one example with at least one token.", nameof(tokenIds));
    }

    /// <summary>Returns a batch of tensors, for what is not text: <c>Prompt.OfInputs(new ModelInputs { InputFeatures = spectra })</c>.</summary>
    /// <param name="inputs">The tensors, [batch, …]; they stay the caller's and must live until the run has ended.</param>
    /// <exception cref="ArgumentException">There is no tensor.</exception>
    public static Prompt OfInputs(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.Leading is { ndim: > 0 }
            ? new Prompt([], []) { Inputs = inputs }
            : throw new ArgumentException("A prompt of tensors needs at least one, [batch, …], such as InputFeatures.", nameof(inputs));
    }

    /// <summary>Gets how many examples there are.</summary>
    public int Count => Inputs is { Leading: { } leading } ? (int)leading.shape[0] : Math.Max(Texts.Length, TokenIds.Length);

    /// <summary>Gets what is marked: a name, and one entry for all examples or one an example.</summary>
    internal ImmutableDictionary<string, ImmutableArray<Positions>> Marks { get; }

    /// <summary>
    /// Returns a copy that marks positions with a name, each example its own; <see cref="Positions.Marked"/> finds them, in the base and in every source.
    /// </summary>
    /// <param name="name">The name, such as <c>country</c>.</param>
    /// <param name="positions">
    /// One for all examples, or one an example: a number, <c>^1</c>, or a text as <see cref="Positions.OfText"/>; in all examples the same number of positions.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, or the number of positions is neither 1 nor that of the examples.</exception>
    public Prompt Mark(string name, params IReadOnlyList<Positions> positions)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(positions);
        if ((positions.Count != 1 && positions.Count != Count) || positions.Any(one => one is null or Positions.Mark))
        {
            throw new ArgumentException(
                $"The mark \"{name}\" needs one position for all examples, or one for each of the {Count}; {positions.Count} are given.", nameof(positions));
        }

        return new Prompt(Texts, TokenIds, Marks.SetItem(name, [.. positions])) { Inputs = Inputs, Decoder = Decoder };
    }

    /// <inheritdoc cref="Mark(string, IReadOnlyList{Positions})"/>
    /// <param name="name">The name, such as <c>country</c>.</param>
    /// <param name="texts">One for all examples, or one an example: the last token of the only occurrence of the text is marked.</param>
    public Prompt Mark(string name, params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Mark(name, [.. texts.Select(Positions.OfText)]);
    }

    /// <summary>
    /// Returns a copy for a model whose decoder looks back at an encoder: this is what the encoder reads, and the decoder's text begins with another prompt, as
    /// in <c>Prompt.Of("translate English to German: The house is old.").WithDecoder("Das Haus")</c>.
    /// </summary>
    /// <remarks>
    /// The token that every text of the decoder begins with, <c>decoder_start_token_id</c>, is put before it where it does not stand there already; no other
    /// special token is added. Positions of the decoder count from that token on, and <c>At("Haus")</c> at a place of the decoder looks into this text.
    /// </remarks>
    /// <param name="decoder">Texts or token ids: one for all examples, or one an example.</param>
    /// <exception cref="ArgumentException">The decoder's prompt is of tensors or has a decoder itself, or its examples are neither 1 nor as many.</exception>
    public Prompt WithDecoder(Prompt decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (decoder is not { Inputs: null, Decoder: null })
        {
            throw new ArgumentException("The text of a decoder begins with texts or token ids, which have no decoder of their own.", nameof(decoder));
        }

        if (decoder.Count != 1 && decoder.Count != Count)
        {
            throw new ArgumentException(
                $"The decoder needs one text for all examples, or one for each of the {Count}; {decoder.Count} are given.", nameof(decoder));
        }

        return new Prompt(Texts, TokenIds, Marks)
        {
            Inputs = Inputs, Decoder = decoder.Count == Count ? decoder : Together([.. Enumerable.Repeat(decoder, Count)]),
        };
    }

    /// <summary>Returns the examples of several prompts in one.</summary>
    internal static Prompt Together(IReadOnlyList<Prompt> prompts)
    {
        if (prompts is [var only]) return only;
        if (prompts.Any(prompt => prompt.Inputs is not null))
        {
            throw new ArgumentException("Prompts of tensors cannot be put together; give the tensors as one batch.");
        }

        if (prompts.Any(prompt => prompt.Decoder is null) && prompts.Any(prompt => prompt.Decoder is not null))
        {
            throw new ArgumentException("Some prompts say what the decoder's text begins with, but others do not.");
        }

        var names = prompts.SelectMany(prompt => prompt.Marks.Keys).Distinct().ToArray();
        foreach (var name in names)
        {
            if (prompts.FirstOrDefault(prompt => !prompt.Marks.ContainsKey(name)) is { } without)
            {
                throw new ArgumentException($"Some prompts mark \"{name}\", but {(without.Texts.IsEmpty ? "one" : $"\"{without.Texts[0]}\"")} does not.");
            }
        }

        return new Prompt(
            [.. prompts.SelectMany(prompt => prompt.Texts)],
            [.. prompts.SelectMany(prompt => prompt.TokenIds)],
            names.ToImmutableDictionary(name => name, name => prompts.SelectMany(prompt => Spread(prompt, prompt.Marks[name])).ToImmutableArray()))
        {
            Decoder = prompts[0].Decoder is null ? null : Together([.. prompts.Select(prompt => prompt.Decoder!)]),
        };

        static IEnumerable<Positions> Spread(Prompt prompt, ImmutableArray<Positions> marks) =>
            marks.Length == prompt.Count ? marks : Enumerable.Repeat(marks[0], prompt.Count);
    }

    /// <summary>Converts a text.</summary>
    /// <param name="text">The prompt's text.</param>
    public static implicit operator Prompt(string text) => Of(text);

    /// <summary>Converts a batch of texts, one an example.</summary>
    /// <param name="texts">The prompts' texts.</param>
    public static implicit operator Prompt(string[] texts) => Of(texts);

    /// <summary>Converts tensors, as <see cref="OfInputs"/>.</summary>
    /// <param name="inputs">The tensors, [batch, …].</param>
    public static implicit operator Prompt(ModelInputs inputs) => OfInputs(inputs);
}
