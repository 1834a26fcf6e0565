using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Text;

/// <summary>Takes the new characters of a text that is being rewritten, and what each of them stands for.</summary>
internal sealed class TextRewriter(AlignedText source, bool tracksOffsets, int expectedLength)
{
    private char[] characters = new char[expectedLength];
    private int[]? starts = tracksOffsets ? new int[expectedLength] : null;
    private int[]? ends = tracksOffsets ? new int[expectedLength] : null;

    /// <summary>Gets the number of characters taken so far.</summary>
    public int Length { get; private set; }

    /// <summary>Gets or sets where the piece at hand starts in the source.</summary>
    public int PieceStart { get; set; }

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
        var capacity = Math.Max(16, characters.Length * 2);
        Array.Resize(ref characters, capacity);
        if (starts is not null)
        {
            Array.Resize(ref starts, capacity);
            Array.Resize(ref ends, capacity);
        }
    }
}
