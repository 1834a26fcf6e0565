using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.Text;

/// <summary>
/// A stretch of text on its way through a tokenizer: its characters as rewritten so far, the range of the original text that each stands for,
/// and the pieces that it is cut into.
/// </summary>
/// <remarks>
/// Where no character was rewritten, the ranges are not stored: character <c>i</c> stands for itself. Where offsets are not asked for, they are
/// never stored.
/// </remarks>
internal sealed class AlignedText
{
    // Every step of a tokenizer that exists makes of a text a few times as many characters; NFKD makes 18 of one.
    private const long LargestGrowth = 40, SmallestLimit = 1 << 16;
    private readonly long limit;
    private readonly bool tracksOffsets;
    private int[]? starts;
    private int[]? ends;
    private char[] characters;

    private AlignedText(char[] characters, int[]? starts, int[]? ends, bool tracksOffsets, TextSpan piece, long limit)
    {
        this.limit = limit;
        this.characters = characters;
        this.starts = starts;
        this.ends = ends;
        this.tracksOffsets = tracksOffsets;
        Pieces = [piece];
    }

    /// <summary>Gets the pieces, in order; what lies between two pieces was removed.</summary>
    public List<TextSpan> Pieces { get; private set; }

    /// <summary>Creates the one piece <paramref name="stretch"/> of an original text.</summary>
    public static AlignedText Create(char[] original, TextSpan stretch, bool tracksOffsets) =>
        new(original, null, null, tracksOffsets, stretch, SmallestLimit + (LargestGrowth * stretch.Length));

    /// <summary>Gives a part of this text as a text of its own.</summary>
    public AlignedText Slice(TextSpan part) => new(characters, starts, ends, tracksOffsets, part, limit);

    public ReadOnlySpan<char> Characters(TextSpan span) => characters.AsSpan(span.Start, span.Length);

    /// <summary>Gives the range of the original text that the characters from <paramref name="start"/> to <paramref name="end"/> stand for.</summary>
    public TextSpan Origin(int start, int end) =>
        start >= end ? new TextSpan(OriginStart(start), OriginStart(start)) : new TextSpan(OriginStart(start), OriginEnd(end - 1));

    /// <summary>Cuts every piece further.</summary>
    public void Cut(TextCut cut)
    {
        var pieces = new List<TextSpan>(Math.Max(16, Pieces.Count));
        foreach (var piece in Pieces)
        {
            cut(Characters(piece), piece.Start, pieces);
        }

        Pieces = pieces;
    }

    /// <summary>Rewrites every piece; pieces stay pieces, and those that become empty vanish.</summary>
    /// <param name="rewrite">Called with the characters of a piece and what takes the new ones.</param>
    /// <param name="expectedLength">How many characters the result is likely to have.</param>
    /// <exception cref="TokenizerException">The text becomes very much longer than it was.</exception>
    public void Rewrite(TextRewrite rewrite, int expectedLength)
    {
        var rewriter = new TextRewriter(this, tracksOffsets, (int)Math.Min(expectedLength, limit), limit);
        var pieces = new List<TextSpan>(Pieces.Count);
        foreach (var piece in Pieces)
        {
            var start = rewriter.Length;
            rewriter.PieceStart = piece.Start;
            rewrite(Characters(piece), rewriter);
            if (rewriter.Length > start)
            {
                pieces.Add(new TextSpan(start, rewriter.Length));
            }
        }

        (characters, starts, ends) = rewriter.Finish();
        Pieces = pieces;
    }

    /// <summary>Gets the number of characters in all pieces.</summary>
    public int Length
    {
        get
        {
            var length = 0;
            foreach (var piece in Pieces)
            {
                length += piece.Length;
            }

            return length;
        }
    }

    private int OriginStart(int index) =>
        starts is null ? index : index < starts.Length ? starts[index] : 0;

    private int OriginEnd(int index) => ends is null ? index + 1 : ends[index];
}
