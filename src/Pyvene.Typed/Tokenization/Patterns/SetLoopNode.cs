namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>A run of code points out of a set, the commonest loop by far and therefore one without recursion.</summary>
internal sealed class SetLoopNode(CodePointSet set, int minimum, int maximum, RepeatKind kind, PatternNode next) : PatternNode
{
    private CodePointSet? first;

    public override CodePointSet? First =>
        minimum > 0 ? set : next.First is { } after ? first ??= set.Union(after) : null;

    public override int Match(ref PatternCursor cursor, int position)
    {
        var text = cursor.Text;
        var count = 0;
        if (kind == RepeatKind.Lazy)
        {
            return MatchLazily(ref cursor, position);
        }

        while (count < maximum && position < text.Length && set.Contains(CodePoints.Read(text, position, out var width)))
        {
            position += width;
            count++;
        }

        cursor.Spend(1 + (count >> 3));
        if (count < minimum)
        {
            return -1;
        }

        if (kind == RepeatKind.Possessive)
        {
            return next.Match(ref cursor, position);
        }

        while (true)
        {
            var end = next.Match(ref cursor, position);
            if (end >= 0 || count == minimum)
            {
                return end;
            }

            cursor.Spend(1);
            position -= CodePoints.WidthBefore(text, position);
            count--;
        }
    }

    private int MatchLazily(ref PatternCursor cursor, int position)
    {
        for (var count = 0; ; count++)
        {
            cursor.Spend(1);
            if (count >= minimum && next.Match(ref cursor, position) is >= 0 and var end)
            {
                return end;
            }

            if (count == maximum || position >= cursor.Text.Length || !set.Contains(CodePoints.Read(cursor.Text, position, out var width)))
            {
                return -1;
            }

            position += width;
        }
    }
}
