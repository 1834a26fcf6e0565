using System.Globalization;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>What can be wrong once a batch, or a tensor, is there.</summary>
internal sealed partial class BoundIntervention
{
    /// <summary>
    /// Checks what only the run tells about a view: features, heads and positions beyond it would end an accelerator's context with a native error.
    /// </summary>
    /// <param name="view">The component's view.</param>
    /// <param name="positions">The positions that <see cref="PositionsIn"/> returned.</param>
    /// <param name="first">The column of the batch that the view begins with.</param>
    /// <exception cref="InterventionException">One is out of range, or the component is not as wide as its descriptor says.</exception>
    public void CheckView(Tensor view, PositionChoice positions, long first)
    {
        if (Width is { } expected && view.size(-1) != expected)
        {
            throw new InterventionException(
                "component",
                $"{Name}: the descriptor says that the component is {expected} wide, but it is [{string.Join(", ", view.shape)}]; "
                    + "the descriptor is wrong for this model.");
        }

        if (!IsStepwise && !positions.IsAll)
        {
            CheckPositionAxis(view);
        }

        if (Spec.Site.Features is { Index.Largest: var feature })
        {
            CheckFeature(view, positions, feature);
        }

        if (Spec.Site.HeadAxis is not null
            && Math.Max(Spec.Site.Heads?.Index.Largest ?? 0, Spec.Site.ReadHeads?.Index.Largest ?? 0) is var head
            && head >= view.size(1))
        {
            throw new InterventionException(
                "heads", $"{Name}: {head} is out of range; there are {view.size(1)} heads (0 to {view.size(1) - 1}) in [{string.Join(", ", view.shape)}].");
        }

        var axis = ViewPositionAxis;
        if (!IsStepwise && positions.Largest is { } position && (view.ndim <= axis || position - first >= view.size(axis)))
        {
            throw new InterventionException(
                "positions",
                $"{Name}: position {position} is out of range; the values are [{string.Join(", ", view.shape)}], whose axis {axis} counts positions from "
                    + $"{first}.");
        }
    }

    /// <summary>
    /// Checks that the values have an axis of positions: the second of [batch, width] is none, nor that of a convolution, and only a description tells where it
    /// is among four.
    /// </summary>
    private void CheckPositionAxis(Tensor view)
    {
        var least = ViewPositionAxis + (view.is_floating_point() ? 2 : 1); // token ids have no width
        var isUndescribed = Spec.Site is { Component: null, HeadAxis: null, Unit: null } && View.Count == 0;
        if (view.ndim < least || (isUndescribed && (ChannelsFirst.Is(Point.Module) || view.ndim > 3)))
        {
            var expected = HeadAxis is null ? "[batch, position, width]" : "[batch, head, position, width]";
            var channels = ChannelsFirst.Is(Point.Module) ? " with channels behind the batch" : "";
            var means = isUndescribed && view.ndim > 2 ? "; a configuration that means dimension 1, whatever it is, says so by its unit, position" : "";
            throw new InterventionException(
                "positions", $"{Name}: the values are [{string.Join(", ", view.shape)}]{channels}, which have no axis of positions; expected {expected}. "
                    + $"Leave the positions out, or act at a module that has them{means}.");
        }
    }

    /// <summary>Checks that the values have an axis of features, and the largest of those chosen.</summary>
    private void CheckFeature(Tensor view, PositionChoice positions, int feature)
    {
        if (Spec.Site.Component is null && view.ndim > 2 && ChannelsFirst.Is(Point.Module))
        {
            throw new InterventionException("features", $"{Name}: the values are [{string.Join(", ", view.shape)}] with channels behind the batch, so that "
                + "their last axis has no features; leave the features out, and choose channels in a function of your own.");
        }

        var chosen = IsStepwise ? 2
            : !positions.IsAll ? ViewPositionAxis + 1
            : HeadAxis is not null && (Spec.Site.Heads ?? Spec.Site.ReadHeads) is not null ? 2
            : 1;
        if (view.ndim <= chosen)
        {
            throw new InterventionException(
                "features",
                $"{Name}: the values are [{string.Join(", ", view.shape)}], which has no axis of features behind those of the examples and of what is chosen; "
                    + "leave the features, or the positions and heads, out.");
        }

        if (Width is null && !Spec.Intervention.HasOwnSpace && feature >= view.size(-1))
        {
            throw new InterventionException("features", $"{Name}: {feature} is out of range; the values are {view.size(-1)} wide (0 to {view.size(-1) - 1}).");
        }
    }

    /// <summary>Checks that what is read in a source has the shape of what is written.</summary>
    /// <exception cref="InterventionException">The numbers of examples, positions or heads differ.</exception>
    public void CheckPair((Batch Batch, string Role) source, PositionChoice read, (Batch Batch, string Role) target, PositionChoice written)
    {
        var (given, taken) = (source.Batch.RowsAlong(Along), target.Batch.RowsAlong(Along));
        if (given != taken)
        {
            throw new InterventionException(
                "sources", $"{Name}: the {source.Role} has {given} examples, but the {target.Role} has {taken}; they must be equal.");
        }

        // Where only the run tells how many there are, the values are compared when they are written.
        var (readCount, writtenCount) = (CountOf(read, source.Batch), CountOf(written, target.Batch));
        if (readCount is not null && writtenCount is not null && readCount != writtenCount)
        {
            throw new InterventionException(
                "positions",
                $"{Name}: {readCount} positions are read in the {source.Role}, but {writtenCount} are written in the {target.Role}; they must be equal. "
                    + "Choose positions on both sides (At and ReadAt).");
        }

        if ((Spec.Site.ReadHeads ?? Spec.Site.Heads)?.Index.Count != Spec.Site.Heads?.Index.Count)
        {
            throw new InterventionException(
                "heads",
                $"{Name}: {Spec.Site.ReadHeads?.Index.Count.ToString(CultureInfo.InvariantCulture) ?? "all"} heads are read, but another number is written; "
                    + "they must be equal.");
        }
    }

    /// <summary>Checks that a constant is one vector, or has the shape of what is written.</summary>
    /// <exception cref="InterventionException">It has another shape.</exception>
    public void CheckConstant(Batch batch, PositionChoice written)
    {
        if (Constant is not { } constant || constant.numel() == constant.shape[^1] || Spec.Site.Component is null)
        {
            return;
        }

        long?[] expected = HeadAxis is null
            ? [batch.RowsAlong(Along), written.Count, null]
            : [batch.RowsAlong(Along), Spec.Site.Heads?.Index.Count, written.Count, null];
        if (constant.ndim != expected.Length || expected.Zip(constant.shape).Any(pair => pair.First is { } length && length != pair.Second))
        {
            var shape = string.Join(
                ", ", expected.Select((length, axis) => length?.ToString(CultureInfo.InvariantCulture) ?? (axis == expected.Length - 1 ? "width" : "all")));
            throw new InterventionException(
                "constant",
                $"{Name}: the constant has shape [{string.Join(", ", constant.shape)}]; expected one vector [width] for every place, or [{shape}].");
        }
    }

    /// <summary>Checks that the values of all positions or heads are as wide as what learns from them.</summary>
    /// <exception cref="InterventionException">There are more or fewer.</exception>
    public void CheckUnits(PositionChoice written, Batch batch)
    {
        var count = IsStepwise ? 1 : CountOf(written, batch);
        LearnedPlace.CheckUnits(this, count);
        if (Spec.Intervention.ProblemWith(
            count, Spec.Site.Features is { Index: var features } ? features.IsRagged ? null : features.Count : Width) is { } problem)
        {
            throw new InterventionException(problem.Field, $"{Name}: {problem.Fact}");
        }
    }

    /// <summary>Checks that a module's tensor has the axes that its site says.</summary>
    private void CheckAxes(Tensor tensor)
    {
        if (Spec.Site.HeadCount is { } count && (tensor.ndim != 3 || tensor.size(-1) % count != 0))
        {
            throw new InterventionException(
                "head_count",
                $"{Name}: its tensor is [{string.Join(", ", tensor.shape)}], which cannot be split into {count} heads; "
                    + $"expected [batch, position, width] with a width that is a multiple of {count}.");
        }

        if (Spec.Site.HeadAxis is not null && tensor.ndim < 3)
        {
            throw new InterventionException(
                "head_axis",
                $"{Name}: its tensor is [{string.Join(", ", tensor.shape)}]; expected [batch, "
                    + $"{(PositionAxis == 2 ? "head, position" : "position, head")}, …].");
        }
    }

    private long? CountOf(PositionChoice positions, Batch batch) => positions.IsAll && batch.Along(Along) is { } tokens ? tokens.Columns : positions.Count;

    /// <summary>Checks that heads and features that are given for every example are given for those of a batch.</summary>
    /// <exception cref="InterventionException">They are given for another number.</exception>
    public void CheckExamples(Batch batch, string role)
    {
        CheckRows(Spec.Site.Heads?.Index, batch, "heads", role);
        CheckRows(Spec.Site.ReadHeads?.Index, batch, "heads", role);
        CheckRows(Spec.Site.Features?.Index, batch, "features", role);
    }

    private void CheckRows(IndexRows? index, Batch batch, string field, string role)
    {
        if (index is { IsPerExample: true } && batch.RowsAlong(Along) is var rows && index.Rows.Length != rows)
        {
            throw new InterventionException(field, $"{Name}: {field} are given for {index.Rows.Length} examples, but the {role} has {rows}.");
        }
    }
}
