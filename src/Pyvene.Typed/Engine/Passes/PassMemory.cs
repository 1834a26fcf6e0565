using Pyvene.Typed.Descriptors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Estimates, from above, how much memory lanes take while their pass runs, beside the weights and what the caller keeps.</summary>
internal sealed class PassMemory
{
    /// <summary>
    /// How many tensors as large as all outputs of a block's matrices live at once: outputs, their copies as rows, norms, and what edits compare.
    /// </summary>
    private const long Copies = 4;

    /// <summary>How many tensors of next-token logits live at once, beside those of the model's type: as float32, and what a metric makes of them.</summary>
    private const long LogitsCopies = 3;

    private readonly long element;
    private readonly long inBlock; // elements a token
    private readonly long heads;
    private readonly long vocab;
    private readonly bool seesAllLogits;

    /// <param name="model">The model.</param>
    /// <param name="lanes">All lanes that run.</param>
    public PassMemory(CallableModel model, IReadOnlyList<Lane> lanes)
    {
        var parameters = model.Root.named_parameters().Where(item => item.parameter.ndim == 2).ToArray();
        var sizes = ArchitectureDescriptor.TryFind(model.Config.ModelType, out var descriptor) ? new ArchitectureSizes(descriptor, model.Config) : null;
        vocab = sizes?.TryEvaluate("vocab") ?? 0;
        heads = descriptor?.Components.Select(component => component.Heads is { } name ? sizes!.TryEvaluate(name) ?? 0 : 0).DefaultIfEmpty().Max() ?? 0;
        element = parameters.Length == 0 ? sizeof(float) : parameters[0].parameter.element_size();
        var lastStage = model.Blocks?.BlockCount ?? int.MaxValue;
        seesAllLogits = lanes.Any(lane => lane.Steps.Any(step => step.Point.Stage >= lastStage) || lane.Output == OutputRequest.Everything);
        OfReads = lanes.Sum(lane => lane.Steps.OfType<LaneStep.Read>().Sum(step =>
            lane.Batch.Rows * (step.Positions.Count ?? lane.Batch.Columns) * (step.Intervention.Width ?? 0) * element));
        inBlock = model.Blocks is { } blocks
            ? blocks.BlockPaths.Select(path => Widths(path + ".")).DefaultIfEmpty().Max()
            : Widths("");

        long Widths(string prefix) => parameters.Where(item => item.name.StartsWith(prefix, StringComparison.Ordinal)).Sum(item => item.parameter.shape.Max());
    }

    /// <summary>
    /// Gets how many bytes the values take that lanes read, for this pass or a later one: [batch, unit …, width] each, at most a whole hidden state.
    /// </summary>
    public long OfReads { get; }

    /// <summary>Returns how many bytes a lane adds to its pass.</summary>
    public long Of(Lane lane)
    {
        var (rows, columns) = (lane.Batch.Rows, lane.Batch.Columns);
        var attention = heads * columns * sizeof(float) * 3; // scores, mask and weights of a query, where they are not fused
        var logits = vocab * (element + (LogitsCopies * sizeof(float)));
        return rows * ((columns * ((inBlock * element * Copies) + attention)) + (seesAllLogits ? columns * vocab * element : 0) + logits);
    }
}
