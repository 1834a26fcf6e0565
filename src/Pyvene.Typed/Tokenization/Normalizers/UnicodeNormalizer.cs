using System.Runtime.InteropServices;
using System.Text;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Brings text into a normalisation form of Unicode.</summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : Normalizer
{
    private readonly bool composes = form is UnicodeForm.Nfc or UnicodeForm.Nfkc;
    private readonly bool withCompatibility = form is UnicodeForm.Nfkc or UnicodeForm.Nfkd;

    public override void Apply(AlignedText text)
    {
        // Below these no character changes in any form.
        var firstAffected = withCompatibility ? '\u00A0' : composes ? '\u0300' : '\u00C0';
        if (text.Pieces.Exists(piece => text.Characters(piece).IndexOfAnyInRange(firstAffected, '\uFFFF') >= 0))
        {
            text.Rewrite(Rewrite, text.Length + 16);
        }
    }

    private void Rewrite(ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        var parts = Decompose(characters, out var starts);
        Reorder(parts);
        if (composes)
        {
            parts = Compose(parts);
        }

        Write(parts, starts, rewriter);
    }

    private List<Part> Decompose(ReadOnlySpan<char> characters, out List<int> starts)
    {
        var parts = new List<Part>(characters.Length);
        var pieces = new List<int>();
        starts = new List<int>(characters.Length + 1);
        for (var index = 0; index < characters.Length;)
        {
            starts.Add(index);
            pieces.Clear();
            UnicodeTables.Instance.Decompose(CodePoints.Read(characters, index, out var width), withCompatibility, pieces);
            for (var piece = 0; piece < pieces.Count; piece++)
            {
                parts.Add(new Part(pieces[piece], UnicodeTables.Instance.CombiningClass(pieces[piece]), piece == 0 ? 1 : 0));
            }

            index += width;
        }

        starts.Add(characters.Length);
        return parts;
    }

    // Marks between two starters are sorted by class; the sort is stable.
    private static void Reorder(List<Part> parts)
    {
        for (var start = 0; start < parts.Count; start++)
        {
            var end = start;
            var isSorted = true;
            for (; end < parts.Count && parts[end].Class != 0; end++)
            {
                isSorted &= end == start || parts[end - 1].Class <= parts[end].Class;
            }

            if (!isSorted)
            {
                var sorted = parts.GetRange(start, end - start).OrderBy(part => part.Class).ToList();
                sorted.CopyTo(CollectionsMarshal.AsSpan(parts)[start..end]);
            }

            start = end;
        }
    }

    private static List<Part> Compose(List<Part> parts)
    {
        var composed = new List<Part>(parts.Count);
        var starter = -1;
        var lastClass = -1; // of what stands between the starter and here; -1 where nothing does
        foreach (var part in parts)
        {
            var joined = starter >= 0 && lastClass < part.Class ? UnicodeTables.Instance.Compose(composed[starter].CodePoint, part.CodePoint) : -1;
            if (joined >= 0)
            {
                composed[starter] = new Part(joined, 0, composed[starter].Consumed + part.Consumed);
                continue;
            }

            if (part.Class == 0)
            {
                starter = composed.Count;
                lastClass = -1;
            }
            else
            {
                lastClass = part.Class;
            }

            composed.Add(part);
        }

        return composed;
    }

    // As in the reference, a character stands for the first of those that it replaces, and an additional one for the last before it.
    private static void Write(List<Part> parts, List<int> starts, TextRewriter rewriter)
    {
        Span<char> buffer = stackalloc char[2];
        var next = 0;
        foreach (var part in parts)
        {
            var source = Math.Clamp(part.Consumed == 0 ? next - 1 : next, 0, starts.Count - 2);
            var width = Rune.TryCreate(part.CodePoint, out var rune) ? rune.EncodeToUtf16(buffer) : 1;
            if (rune.Value != part.CodePoint)
            {
                buffer[0] = (char)part.CodePoint; // a surrogate without its partner stays
            }

            rewriter.Append(buffer[..width], starts[source], starts[source + 1]);
            next += part.Consumed;
        }
    }

    /// <param name="CodePoint">The code point.</param>
    /// <param name="Class">Its combining class.</param>
    /// <param name="Consumed">How many code points of the source it replaces.</param>
    private readonly record struct Part(int CodePoint, int Class, int Consumed);
}
