using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what a lane ended with; the tensors belong to the run.</summary>
/// <param name="Output">The lane's part of what the model returned.</param>
internal sealed record LaneOutput(ModelOutput Output)
{
    /// <summary>Gets what the run is for: the logits, else the last hidden state, else what the module returned first.</summary>
    public Tensor? Main => Output.Logits ?? Output.LastHiddenState ?? Output.Values?[0] ?? Output.Named.Values.FirstOrDefault();

    /// <summary>
    /// Gets a zero that every tensor of the output depends on, so that a backward pass tells whether it came through here; null when it was not asked for.
    /// </summary>
    public Tensor? Mark { get; private init; }

    /// <summary>Returns the output with a mark, in the current dispose scope, where gradients are recorded.</summary>
    public LaneOutput Marked()
    {
        if (Tensors().FirstOrDefault(tensor => tensor.requires_grad) is not { } main)
        {
            return this;
        }

        var mark = zeros([], main.dtype, main.device, requires_grad: true);
        return new LaneOutput(Output.Select(tensor => tensor.requires_grad ? tensor.add(mark, Scalars.Of(1)) : tensor)) { Mark = mark };
    }

    /// <summary>Takes the rows of one lane out of the output of a pass.</summary>
    /// <param name="output">What the pass returned.</param>
    /// <param name="start">The first row of the lane.</param>
    /// <param name="count">How many it has.</param>
    /// <param name="isAlone">Whether there are no other rows.</param>
    /// <param name="keep">Moves a tensor into the scope of the run.</param>
    /// <param name="select">Returns the logits of the positions that are wanted; null = all are.</param>
    public static LaneOutput Rows(
        ModelOutput output, long start, long count, bool isAlone, DisposeScopeKeeper keep, Func<Tensor, Tensor?>? select = null) =>
        Of(output, tensor => isAlone || tensor.ndim == 0 || tensor.shape[0] == count ? tensor.alias() : tensor.narrow(0, start, count), keep, select);

    /// <summary>
    /// Takes the rows of lanes that have as many each out of the output of a pass. The gradients of all parts are put together at once, where
    /// <see cref="Rows"/> would make one whole tensor a part.
    /// </summary>
    /// <param name="output">What the pass returned.</param>
    /// <param name="lanes">How many lanes there are.</param>
    /// <param name="keep">Moves a tensor into the scope of the run.</param>
    /// <returns>A function that returns the output of a lane, by its number.</returns>
    public static Func<long, Func<Tensor, Tensor?>?, LaneOutput> Split(ModelOutput output, int lanes, DisposeScopeKeeper keep)
    {
        var parts = new Dictionary<Tensor, Tensor[]>(ReferenceEqualityComparer.Instance);
        foreach (var tensor in output.Tensors().Where(tensor => tensor.ndim > 0))
        {
            parts.TryAdd(tensor, tensor.split(tensor.shape[0] / lanes, 0));
        }

        return (lane, select) => Of(output, tensor => tensor.ndim == 0 ? tensor.alias() : parts[tensor][lane], keep, select);
    }

    private static LaneOutput Of(ModelOutput output, Func<Tensor, Tensor> part, DisposeScopeKeeper keep, Func<Tensor, Tensor?>? select)
    {
        return new LaneOutput(output.Select(Part, select is null ? null : logits => select(Part(logits)) is { } wanted ? keep(wanted) : null));

        Tensor Part(Tensor tensor) => keep(part(tensor));
    }

    /// <summary>Returns every tensor of the output.</summary>
    public IEnumerable<Tensor> Tensors() => Mark is null ? Output.Tensors() : Output.Tensors().Prepend(Mark);
}
