namespace Pyvene.Typed.Analysis;

/// <summary>Is how much a head has of a pattern.</summary>
/// <param name="Layer">The head's layer, from 0.</param>
/// <param name="Head">The head, from 0.</param>
/// <param name="Score">The mean attention weight that belongs to the pattern, 0 to 1.</param>
public readonly record struct HeadScore(LayerIndex Layer, QueryHead Head, double Score)
{
    /// <summary>Returns the head and its score.</summary>
    public override string ToString() => FormattableString.Invariant($"layer {Layer}, head {Head}: {Score:F3}");
}
