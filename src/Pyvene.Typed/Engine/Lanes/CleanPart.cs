using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Is what of a run comes before its first intervention, and what it reads in its sources: the same whatever the interventions do, so that it can be kept.
/// </summary>
/// <param name="Stage">The stage that the run goes on in; only where <paramref name="Hidden"/> is there.</param>
/// <param name="Hidden">
/// The residual stream before that stage, of the positions behind the kept keys: [row, position, dModel]; <see langword="null"/> = the run begins with its
/// inputs.
/// </param>
/// <param name="Keys">
/// Keys and values of the positions before the first one that an intervention touches, in that stage and all behind it; <see langword="null"/> = none.
/// </param>
/// <param name="Values">What every intervention reads in its source, [row, unit …, width]; <see langword="null"/> = nothing.</param>
internal sealed record CleanPart(int Stage, Tensor? Hidden, KeptKeys? Keys, IReadOnlyList<Tensor?> Values)
{
    /// <summary>Gets the position that the run goes on with.</summary>
    public long First => Keys?.Length ?? 0;

    /// <summary>Returns every tensor.</summary>
    public IEnumerable<Tensor> Tensors() =>
        ((Tensor?[])[Hidden, .. Keys?.Layers.Values.SelectMany(layer => new[] { layer.Keys, layer.Values }) ?? [], .. Values]).OfType<Tensor>();
}
