namespace Pyvene.Typed.Training;

/// <summary>Is how well examples do under a control of an experiment.</summary>
/// <param name="Control">The control.</param>
/// <param name="Draws">The score of every draw; one but for random controls.</param>
public sealed record ControlScore(Control Control, IReadOnlyList<AlignmentScore> Draws)
{
    /// <summary>Gets the share of examples whose likeliest output under the control is the experiment's label, 0 to 1: the mean over the draws.</summary>
    public double Accuracy => Draws.Average(draw => draw.Accuracy);

    /// <summary>Returns the control and its accuracy in words.</summary>
    public override string ToString() => Control is null || Draws is null ? "no score" : FormattableString.Invariant($"{Control} {Accuracy:F4}");
}
