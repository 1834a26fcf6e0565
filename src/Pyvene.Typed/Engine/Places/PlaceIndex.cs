using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is which part of a component's view an intervention reads or writes in one batch, as index tensors.</summary>
/// <remarks>The view is [batch, position, width …] or [batch, head, position, width …].</remarks>
internal sealed class PlaceIndex : IDisposable
{
    private static readonly PlaceIndex Whole = new(null, null, null);

    private readonly Tensor[]? leading;
    private readonly Tensor? features;
    private bool isWholeWidth;

    private PlaceIndex(Tensor[]? leading, Tensor? features, int[]? featureCounts)
    {
        this.leading = leading;
        this.features = features;
        FeatureCounts = featureCounts;
    }

    /// <summary>
    /// Gets the features: int64 [1 or batch, feature], or null for all. Where examples have different numbers of them, a shorter row repeats its last one.
    /// </summary>
    public Tensor? Features => features;

    /// <summary>Gets how many features every example has where they differ in that, else null.</summary>
    public int[]? FeatureCounts { get; }

    /// <summary>Makes the index tensors, on the view's device and in the current dispose scope.</summary>
    /// <param name="view">The component's view.</param>
    /// <param name="headAxis">The axis of heads, 1, or null when there is none.</param>
    /// <param name="heads">One row of heads for all examples, or one an example; null = all.</param>
    /// <param name="columns">The positions of every example; null = all.</param>
    /// <param name="features">One row of features for all examples, or one an example; null = all.</param>
    public static PlaceIndex Create(Tensor view, int? headAxis, IndexRows? heads, long[][]? columns, IndexRows? features)
    {
        if (heads is null && columns is null && features is null)
        {
            return Whole;
        }

        var device = view.device;
        var featureIndex = features is null ? null : Table(Widen(features), device); // [1 or batch, feature]
        var counts = CountsOf(features);
        if (heads is null && columns is null)
        {
            return new PlaceIndex(null, featureIndex, counts);
        }

        var example = arange(Scalars.Of(0), Scalars.Of(view.shape[0]), Scalars.Of(1), dtype: int64, device: device);
        if (headAxis is null)
        {
            return new PlaceIndex([example.view(-1, 1), Table(columns!, device)], featureIndex, counts); // [batch, 1], [batch, position]
        }

        var headIndex = heads is null
            ? arange(Scalars.Of(0), Scalars.Of(view.shape[1]), Scalars.Of(1), dtype: int64, device: device).view(1, -1)
            : Table(Widen(heads), device); // [1 or batch, head]
        // [batch, 1, 1], [1 or batch, head, 1], [batch, 1, position]
        return columns is null
            ? new PlaceIndex([example.view(-1, 1), headIndex], featureIndex, counts)
            : new PlaceIndex([example.view(-1, 1, 1), headIndex.unsqueeze(2), Table(columns, device).unsqueeze(1)], featureIndex, counts);
    }

    /// <summary>
    /// Makes the index tensors of the examples whose time step a call of a module is; the place is [example, 1, width …] of a view that has an axis for the
    /// step.
    /// </summary>
    /// <param name="view">The view, with the axis: [batch, 1, width …].</param>
    /// <param name="examples">The examples.</param>
    /// <param name="features">One row of features for all examples, or one an example; null = all.</param>
    public static PlaceIndex AtStep(Tensor view, long[] examples, IndexRows? features)
    {
        var device = view.device;
        var rows = features is null ? null : Widen(features);
        // [1 or example, feature]
        var featureIndex = rows is null ? null : Table(rows.Length == 1 ? rows : [.. examples.Select(example => rows[example])], device);
        var column = tensor(examples, [examples.Length, 1], dtype: int64, device: device);
        return new PlaceIndex([column, zeros_like(column)], featureIndex, CountsOf(features) is { } counts
            ? [.. examples.Select(example => counts[example])]
            : null); // [example, 1], [example, 1]
    }

    /// <summary>Takes the index tensors out of every dispose scope, and returns this.</summary>
    public PlaceIndex Detached()
    {
        foreach (var index in Tensors())
        {
            index.DetachFromDisposeScope();
        }

        return this;
    }

    /// <summary>Disposes the index tensors of a detached place.</summary>
    public void Dispose()
    {
        foreach (var index in Tensors())
        {
            index.Dispose();
        }
    }

    /// <summary>Returns the same place at its whole width, for an intervention whose features are dimensions of its own space.</summary>
    public PlaceIndex AtWholeWidth() => new(leading, features, null) { isWholeWidth = true };

    /// <summary>
    /// Returns the values at the place: [batch, (head), (position), width or feature]. A fresh tensor, or the view itself when the place is the whole.
    /// </summary>
    public Tensor Gather(Tensor view)
    {
        return Choose(leading is null ? view : view.index(leading));
    }

    /// <summary>Returns the features of the place out of values of its whole width.</summary>
    /// <param name="values">[batch, (head), (position), width].</param>
    public Tensor Choose(Tensor values) => isWholeWidth || features is null ? values : values.gather(-1, FeatureIndex(values));

    /// <summary>Returns a copy of the values at the place that stays what it is.</summary>
    public Tensor Copy(Tensor view) => leading is null && (isWholeWidth || features is null) ? view.clone() : Gather(view);

    /// <summary>Writes values into the place of a view.</summary>
    public void Scatter(Tensor view, Tensor values)
    {
        if (!isWholeWidth && features is not null)
        {
            var selected = leading is null ? view : view.index(leading);
            values = selected.scatter(-1, FeatureIndex(selected), values);
        }

        if (leading is null)
        {
            view.copy_(values);
        }
        else
        {
            view.index_put_(values, leading, accumulate: false);
        }
    }

    private IEnumerable<Tensor> Tensors() => features is null ? leading ?? [] : [.. leading ?? [], features];

    private Tensor FeatureIndex(Tensor selected)
    {
        long[] shape = [features!.shape[0], .. Enumerable.Repeat(1L, (int)selected.ndim - 2), features.shape[1]];
        return features.view(shape).expand([.. selected.shape[..^1], features.shape[1]]); // [batch, 1 ..., feature] to [batch, ..., feature]
    }

    private static int[]? CountsOf(IndexRows? features) => features is { IsRagged: true } ragged ? [.. ragged.Rows.Select(row => row.Length)] : null;

    private static long[][] Widen(IndexRows index) =>
        [.. index.Rows.Select(row => row.Concat(Enumerable.Repeat(row[^1], index.Count - row.Length)).Select(value => (long)value).ToArray())];

    private static Tensor Table(long[][] rows, Device device) =>
        tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length], dtype: int64, device: device); // [row, index]
}
