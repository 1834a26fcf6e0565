using System.Globalization;

namespace Pyvene.Typed.Analysis;

/// <summary>Is what one term of the residual stream contributes to a logit, or to the difference of two. Immutable.</summary>
/// <param name="Name">What it is, such as <c>mlp_output of layer 3</c> or <c>head 2 of layer 3</c>.</param>
/// <param name="Values">The contribution, one number a prompt.</param>
/// <param name="Layer">Its layer, from 0; <see langword="null"/> = it belongs to none, as the embeddings.</param>
/// <param name="Head">Its head, from 0; <see langword="null"/> = it is of no head, or of all.</param>
public sealed record LogitPart(string Name, Sample Values, LayerIndex? Layer = null, QueryHead? Head = null)
{
    /// <summary>Returns the name and the mean over the prompts.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: {Values?.Mean:+0.####;-0.####;0}");
}
