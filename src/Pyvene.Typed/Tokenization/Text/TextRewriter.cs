using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Text;

/// <summary>Takes the new characters of a text that is being rewritten, and what each of them stands for.</summary>
/// <param name="source">The text.</param>
/// <param name="tracksOffsets">Whether it is kept what each character stands for.</param>
/// <param name="expectedLength">How many characters there are likely to be.</param>
/// <param name="limit">How many characters there may be.</param>
internal sealed class TextRewriter(AlignedText source, bool tracksOffsets, int expectedLength, long limit)
{
    private char[] characters = new char[expectedLength];
    private int[]? starts = tracksOffsets ? new int[expectedLength] : null;
    private int[]? ends = tracksOffsets ? new int[expectedLength] : null;

    /// <summary>Gets the number of characters taken so far.</summary>
    public int Length { get; private set; }

    /// <summary>Gets or sets where the piece at hand starts in the source.</summary>
    public int PieceStart { get; set; }

    /// <summary>Gets where the piece at hand starts in the original text; known where offsets are tracked.</summary>
    public int PieceOrigin => source.Origin(PieceStart, PieceStart + 1).Start;

    /// <summary>Takes one character that stands for those of the piece at hand from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public void Append(char character, int start, int end)
    {
        if (Length == characters.Length)
        {
            Grow();
        }

        characters[Length] = character;
        if (starts is not null)
        {
            var origin = source.Origin(PieceStart + start, PieceStart + end);
            starts[Length] = origin.Start;
            ends![Length] = origin.End;
        }

        Length++;
    }

    /// <summary>Takes several characters that all stand for those of the piece at hand from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public void Append(ReadOnlySpan<char> characters, int start, int end)
    {
        foreach (var character in characters)
        {
            Append(character, start, end);
        }
    }

    /// <summary>Takes the characters of the piece at hand from <paramref name="start"/> to <paramref name="end"/> as they are.</summary>
    public void Copy(ReadOnlySpan<char> characters, int start, int end)
    {
        for (var index = start; index < end;)
        {
            CodePoints.Read(characters, index, out var width);
            Append(characters.Slice(index, width), index, index + width);
            index += width;
        }
    }

    /// <summary>Gives the arrays, of which the first <see cref="Length"/> entries count.</summary>
    public (char[] Characters, int[]? Starts, int[]? Ends) Finish() => (characters, starts, ends);

    private void Grow()
    {
        if (Length >= limit)
        {
            throw new TokenizerException($"The tokenizer's steps make more than {limit} characters of a text that was very much shorter; its normalizer or "
                + "pre-tokenizer repeats what it writes.");
        }

        var capacity = (int)Math.Min(Math.Max(16, characters.Length * 2L), limit);
        Array.Resize(ref characters, capacity);
        if (starts is not null)
        {
            Array.Resize(ref starts, capacity);
            Array.Resize(ref ends, capacity);
        }
    }
}
