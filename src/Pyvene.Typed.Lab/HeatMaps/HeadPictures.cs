using Pyvene.Typed.Analysis;
using Pyvene.Typed.Lab;

namespace Pyvene.Typed;

/// <summary>Draws the scores of heads.</summary>
public static class HeadPictures
{
    /// <summary>
    /// Returns the scores as a heat-map, 0 blank and 1 full: <c>model.HeadScores(HeadPattern.Induction).HeatMap().SaveHtml("induction.html")</c>.
    /// </summary>
    /// <param name="scores">The scores.</param>
    /// <param name="top">How many of the highest are listed beside it, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public static HeatMap HeatMap(this HeadScores scores, int top = 10)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return Lab.HeatMap.Of(scores.Pattern.InWords(), scores.ToArray(), scores.Rows, scores.Columns, ColourScale.Sequential(), top);
    }
}
