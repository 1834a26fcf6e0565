namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Turns the delimiters found in a piece into pieces.</summary>
internal static class Delimited
{
    /// <summary>Adds the pieces of a text of <paramref name="length"/> characters that starts at <paramref name="start"/>.</summary>
    /// <param name="matches">What was found, from left to right, relative to the text.</param>
    /// <param name="length">The length of the text.</param>
    /// <param name="start">Where the text starts.</param>
    /// <param name="behavior">What becomes of delimiters.</param>
    /// <param name="invert">Whether the delimiters are what lies between the matches.</param>
    /// <param name="pieces">Takes the pieces.</param>
    public static void Cut(List<TextSpan> matches, int length, int start, SplitBehavior behavior, bool invert, List<TextSpan> pieces)
    {
        var sink = new Sink(behavior, start, pieces);
        var previous = 0;
        foreach (var match in matches)
        {
            sink.Add(previous, match.Start, isDelimiter: invert);
            sink.Add(match.Start, match.End, isDelimiter: !invert);
            previous = match.End;
        }

        sink.Add(previous, length, isDelimiter: invert);
        sink.Finish();
    }

    private struct Sink(SplitBehavior behavior, int origin, List<TextSpan> pieces)
    {
        private int openStart;
        private int openEnd;
        private bool openIsDelimiter;

        public void Add(int start, int end, bool isDelimiter)
        {
            if (start == end)
            {
                return;
            }

            var joins = openEnd > openStart && behavior switch
            {
                SplitBehavior.MergedWithPrevious => isDelimiter && !openIsDelimiter,
                SplitBehavior.MergedWithNext => !isDelimiter && openIsDelimiter,
                SplitBehavior.Contiguous => isDelimiter == openIsDelimiter,
                _ => false,
            };
            if (!joins)
            {
                Finish();
                openStart = start;
            }

            openEnd = end;
            openIsDelimiter = isDelimiter;
        }

        public void Finish()
        {
            if (openEnd > openStart && !(behavior == SplitBehavior.Removed && openIsDelimiter))
            {
                pieces.Add(new TextSpan(origin + openStart, origin + openEnd));
            }

            openStart = openEnd;
        }
    }
}
