using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what of a clean lane is kept for other runs to go on from.</summary>
/// <param name="Stage">The stage that they go on in.</param>
/// <param name="First">The position that they go on with.</param>
internal sealed record KeptPart(int Stage, long First)
{
    /// <summary>Gets keys and values of the positions before, in that stage and all behind it; <see langword="null"/> when there are none before.</summary>
    public KeptKeys? Keys { get; } = First > 0 ? new KeptKeys(First) : null;

    /// <summary>Gets or sets the residual stream before the stage, once the pass has run: [row, position from the first, dModel].</summary>
    public Tensor? Hidden { get; set; }

    /// <summary>Gets the last stage that the lane is needed in.</summary>
    public int LastStage => Keys is null ? Stage - 1 : int.MaxValue;
}
