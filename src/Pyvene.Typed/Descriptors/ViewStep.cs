using static TorchSharp.torch;

namespace Pyvene.Typed.Descriptors;

/// <summary>
/// Is one step from a module's raw tensor to a component: each step is a view, so that what is written into the component lands in the raw tensor.
/// </summary>
/// <remarks>Sizes are expressions over the sizes of the architecture, such as <c>heads</c>.</remarks>
public abstract record ViewStep
{
    /// <summary>The size that is the number of examples in a run.</summary>
    internal const string BatchSize = "batch";

    /// <summary>The size that is the number of positions in a run, padding included.</summary>
    internal const string PositionSize = "position";

    /// <summary>The number of axes of flattened tokens.</summary>
    internal const int Flattened = 2;

    private ViewStep()
    {
    }

    /// <summary>Returns the view of a tensor that this step describes.</summary>
    /// <param name="tensor">The tensor, as the module or the step before left it.</param>
    /// <param name="size">Looks up a size by its expression.</param>
    public abstract Tensor View(Tensor tensor, Func<string, long> size);

    /// <summary>Takes one of several equal, contiguous parts of the last axis (GPT-2's fused query, key, value).</summary>
    /// <param name="Parts">The number of parts.</param>
    /// <param name="Index">The part, from 0.</param>
    public sealed record Chunk(int Parts, int Index) : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size)
        {
            var width = tensor.shape[^1] / Parts;
            return tensor.narrow(-1, Index * width, width); // [..., width / parts]
        }
    }

    /// <summary>Takes one of several contiguous parts of the last axis that have sizes of their own.</summary>
    /// <param name="Sizes">The sizes of all parts, as expressions.</param>
    /// <param name="Index">The part, from 0.</param>
    public sealed record Split(IReadOnlyList<string> Sizes, int Index) : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size) =>
            tensor.narrow(-1, Sizes.Take(Index).Sum(size), size(Sizes[Index])); // [..., sizes[index]]
    }

    /// <summary>Sees the last axis as (group, part, rest) and takes one part of every group (GPT-NeoX's query, key, value interleaved by head).</summary>
    /// <param name="Groups">The number of groups, as an expression.</param>
    /// <param name="Parts">The number of parts in a group.</param>
    /// <param name="Index">The part, from 0.</param>
    public sealed record Grouped(string Groups, int Parts, int Index) : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size) =>
            tensor.unflatten(tensor.ndim - 1, [size(Groups), Parts, -1]).select(-2, Index); // [..., group, rest]
    }

    /// <summary>
    /// Splits the last axis, or the groups that <see cref="Grouped"/> left, into heads: [batch, position, head · dHead] becomes [batch, head, position, dHead].
    /// </summary>
    /// <param name="Count">The number of heads, as an expression.</param>
    public sealed record Heads(string Count) : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size) =>
            (tensor.ndim == 4 ? tensor : tensor.unflatten(tensor.ndim - 1, [size(Count), -1])).transpose(1, 2); // [batch, head, position, dHead]
    }

    /// <summary>Moves heads that have an axis behind the positions before them: [batch, position, head, …] becomes [batch, head, position, …].</summary>
    internal sealed record HeadsBehindPositions : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size) => tensor.transpose(1, 2); // [batch, head, position, ...]
    }

    /// <summary>
    /// Gives back batch and position to flattened tokens: [batch · position, width] becomes [batch, position, width]. What has both by itself stays as it is.
    /// </summary>
    /// <param name="Batch">The number of rows, as an expression.</param>
    public sealed record Tokens(string Batch) : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size) =>
            tensor.ndim > Flattened ? tensor : tensor.unflatten(0, [size(Batch), -1]); // [batch, position, width]
    }

    /// <summary>Moves channels last and drops what a convolution padded: [batch, width, at least position] becomes [batch, position, width].</summary>
    /// <param name="Length">The number of positions, as an expression.</param>
    public sealed record ChannelsFirst(string Length) : ViewStep
    {
        /// <inheritdoc/>
        public override Tensor View(Tensor tensor, Func<string, long> size) =>
            tensor.transpose(1, 2).narrow(1, 0, Math.Min(size(Length), tensor.shape[2])); // [batch, position, width]
    }
}
