using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what of a clean lane is kept for other runs to go on from.</summary>
/// <param name="Stages">The stages that they go on in.</param>
/// <param name="First">The first position that one of them goes on with.</param>
/// <param name="Last">The last such position.</param>
internal sealed record KeptPart(IReadOnlyCollection<int> Stages, long First, long Last)
{
    /// <summary>Gets keys and values of the positions before the last, from the first stage on; <see langword="null"/> when there are none.</summary>
    public KeptKeys? Keys { get; } = Last > 0 ? new KeptKeys(Last) : null;

    /// <summary>Gets the residual stream before each stage, once the pass has run: [row, position from the first, dModel].</summary>
    public Dictionary<int, Tensor> Hidden { get; } = [];

    /// <summary>Gets the last stage that the lane is needed in.</summary>
    public int LastStage => Keys is null ? Stages.Max() - 1 : int.MaxValue;
}
