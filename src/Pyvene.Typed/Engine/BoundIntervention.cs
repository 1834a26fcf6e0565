using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one intervention with all that could be resolved against the model before any tensor exists.</summary>
internal sealed class BoundIntervention : IDisposable
{
    private const int KeptShapes = 8; // of batches, whose positions and index tensors are kept
    private readonly Dictionary<(bool IsSource, long Rows, long Columns), PositionChoice> resolved = [];

    /// <summary>Gets its place in the list of the configuration.</summary>
    public required int Index { get; init; }

    public required InterventionSpec Spec { get; init; }

    /// <summary>Gets where it writes or collects.</summary>
    public required HookPoint Point { get; init; }

    /// <summary>Gets where its source is read: the same point, or the module's input when the module is skipped.</summary>
    public required HookPoint ReadPoint { get; init; }

    /// <summary>Gets the steps from the module's tensor to the component.</summary>
    public required IReadOnlyList<ViewStep> View { get; init; }

    /// <summary>Gets whether positions are time steps: calls of the module, of which each is for the examples whose step it is.</summary>
    public required bool IsStepwise { get; init; }

    /// <summary>Gets whether the module is known to be called once a position of the batch, so that steps can be checked before anything runs.</summary>
    public required bool StepsArePositions { get; init; }

    /// <summary>Gets the axis of heads in the view, or null when there is none.</summary>
    public required int? HeadAxis { get; init; }

    /// <summary>Gets the axis of positions in the module's own tensor: 2 where the tensor has heads before them, else 1.</summary>
    public required int PositionAxis { get; init; }

    /// <summary>Gets the sizes that the view steps need.</summary>
    public required Func<string, long> Size { get; init; }

    /// <summary>Gets how wide the component must be, or null when only a run tells.</summary>
    public required long? Width { get; init; }

    /// <summary>Gets the constant that stands in for the source, on the model's device and in its dtype; null when there is none.</summary>
    public required Tensor? Constant { get; init; }

    /// <summary>Gets the intervention in words, for messages: <c>intervention 0 (interchange at mlp_output of layer 8)</c>.</summary>
    public string Name => field ??= $"intervention {Index} ({Spec.Intervention.Type} at {Spec.Site})";

    /// <summary>Gets whether a source run is read.</summary>
    public bool ReadsSource => Constant is null && Spec.Intervention.Source != Interventions.SourceNeed.None;

    /// <summary>Gets whether a value can be read in a source and written in the base in one pass. The steps of source and base differ, so what has time steps takes a pass each.</summary>
    public bool CanReadWhereItWrites => !IsStepwise && ReadPoint.IsSeenBefore(Point);

    /// <summary>Gets whether the module has batch and position in one axis, so that an example's rows are as many as its positions.</summary>
    public bool IsFlattened => View is [ViewStep.Tokens, ..];

    /// <summary>Gets whether the parts of all groups stand side by side in the component, which no view of the module's tensor can show.</summary>
    public bool JoinsGroups => View is [.., ViewStep.Grouped];

    /// <summary>Returns the component as a view of the module's tensor; with time steps it has an axis for the step, of length 1: [batch, 1, width].</summary>
    /// <param name="tensor">The module's tensor.</param>
    /// <param name="batch">The batch whose rows it holds.</param>
    public Tensor ViewOf(Tensor tensor, Batch batch)
    {
        CheckAxes(tensor);
        var component = View.Count == 0 ? tensor : View.Aggregate(tensor, (view, step) => step.View(view, SizeIn));
        return IsStepwise ? component.unsqueeze(1) : component;

        long SizeIn(string size) => size switch { ViewStep.BatchSize => batch.Rows, ViewStep.PositionSize => batch.PositionsOfInput, _ => Size(size) };
    }

    /// <summary>Returns which part of the component is meant in a batch, as tensors of the current dispose scope or, where they serve further runs, of this intervention.</summary>
    /// <param name="view">The component's view.</param>
    /// <param name="positions">The positions that <see cref="PositionsIn"/> returned.</param>
    /// <param name="first">The column of the batch that the view begins with.</param>
    /// <param name="hits">The examples that this call of the module is for; null without time steps.</param>
    /// <param name="isSource">Whether the part that is read in a source is meant.</param>
    public PlaceIndex IndexIn(Tensor view, PositionChoice positions, long first, StepHits? hits, bool isSource)
    {
        var features = RowsOf(Spec.Site.Features?.Index, view);
        if (hits is not null)
        {
            return PlaceIndex.AtStep(view, hits.Examples, features);
        }

        var heads = RowsOf((isSource ? Spec.Site.ReadHeads ?? Spec.Site.Heads : Spec.Site.Heads)?.Index, view);
        return positions.PlaceIn(view, first, HeadAxis, index => PlaceIndex.Create(view, HeadAxis, heads, index, features));
    }

    /// <summary>Returns the indices of every row of a view: in a generation, an example may have several.</summary>
    private static IndexRows? RowsOf(IndexRows? index, Tensor view) => index is { IsPerExample: true } ? index.Repeated((int)(view.size(0) / index.Rows.Length)) : index;

    /// <summary>Returns the positions, or time steps, that are meant in a batch.</summary>
    /// <exception cref="InterventionException">The batch does not have them.</exception>
    public PositionChoice PositionsIn(Batch batch, bool isSource, string role)
    {
        CheckExamples(batch, role);
        var positions = isSource ? Spec.Site.ReadAt ?? Spec.Site.At : Spec.Site.At;
        if (positions is null)
        {
            return PositionChoice.All;
        }

        if (IsStepwise)
        {
            IPositionAxis steps = StepsArePositions && batch.HasTokens ? batch : new PlainAxis(batch.Rows, null);
            return PositionChoice.Of(PositionResolver.Resolve(positions, steps, Name, role));
        }

        return batch.HasTokens
            ? ColumnsIn(batch, positions, isSource, role)
            : PositionChoice.Late(positions.Count, axis => PositionResolver.Resolve(positions, axis, Name, role));
    }

    /// <summary>Returns the columns of a batch; where its shape alone decides them, they are kept for further runs.</summary>
    private PositionChoice ColumnsIn(Batch batch, Positions positions, bool isSource, string role)
    {
        if (batch.Texts is not null || batch.IsPadded)
        {
            return PositionChoice.Of(PositionResolver.Resolve(positions, batch, Name, role));
        }

        lock (resolved)
        {
            var shape = (isSource, batch.Rows, batch.Columns);
            if (!resolved.TryGetValue(shape, out var choice))
            {
                var columns = PositionResolver.Resolve(positions, batch, Name, role);
                if (resolved.Count == KeptShapes)
                {
                    return PositionChoice.Of(columns);
                }

                choice = resolved[shape] = PositionChoice.Kept(columns);
            }

            return choice;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var choice in resolved.Values)
        {
            choice.Dispose();
        }

        resolved.Clear();
    }

    /// <summary>Checks what only the run tells about a view: features, heads and positions beyond it would end an accelerator's context with a native error.</summary>
    /// <param name="view">The component's view.</param>
    /// <param name="positions">The positions that <see cref="PositionsIn"/> returned.</param>
    /// <param name="first">The column of the batch that the view begins with.</param>
    /// <exception cref="InterventionException">One is out of range, or the component is not as wide as its descriptor says.</exception>
    public void CheckView(Tensor view, PositionChoice positions, long first)
    {
        if (Width is { } expected && view.size(-1) != expected)
        {
            throw new InterventionException("component", $"{Name}: the descriptor says that the component is {expected} wide, but it is [{string.Join(", ", view.shape)}]; the descriptor is wrong for this model.");
        }

        if (Spec.Site.Features is { Index.Largest: var feature })
        {
            CheckFeature(view, positions, feature);
        }

        if (Spec.Site.HeadAxis is not null && Math.Max(Spec.Site.Heads?.Index.Largest ?? 0, Spec.Site.ReadHeads?.Index.Largest ?? 0) is var head && head >= view.size(1))
        {
            throw new InterventionException("heads", $"{Name}: {head} is out of range; there are {view.size(1)} heads (0 to {view.size(1) - 1}) in [{string.Join(", ", view.shape)}].");
        }

        var axis = (HeadAxis ?? 0) + 1;
        if (!IsStepwise && positions.Largest is { } position && (view.ndim <= axis || position - first >= view.size(axis)))
        {
            throw new InterventionException("positions", $"{Name}: position {position} is out of range; the values are [{string.Join(", ", view.shape)}], whose axis {axis} counts positions from {first}.");
        }
    }

    private void CheckFeature(Tensor view, PositionChoice positions, int feature)
    {
        var chosen = IsStepwise ? 2 : !positions.IsAll ? (HeadAxis ?? 0) + 2 : HeadAxis is not null && (Spec.Site.Heads ?? Spec.Site.ReadHeads) is not null ? 2 : 1;
        if (view.ndim <= chosen)
        {
            throw new InterventionException("features", $"{Name}: the values are [{string.Join(", ", view.shape)}], which has no axis of features behind those of the examples and of what is chosen; leave the features, or the positions and heads, out.");
        }

        if (Width is null && !Spec.Intervention.HasOwnSpace && feature >= view.size(-1))
        {
            throw new InterventionException("features", $"{Name}: {feature} is out of range; the values are {view.size(-1)} wide (0 to {view.size(-1) - 1}).");
        }
    }

    /// <summary>Checks that what is read in a source has the shape of what is written.</summary>
    /// <exception cref="InterventionException">The numbers of examples, positions or heads differ.</exception>
    public void CheckPair(Lane source, PositionChoice read, Lane target, PositionChoice written)
    {
        if (source.Batch.Rows != target.Batch.Rows)
        {
            throw new InterventionException("sources", $"{Name}: the {source.Role} has {source.Batch.Rows} examples, but the {target.Role} has {target.Batch.Rows}; they must be equal.");
        }

        // Where only the run tells how many there are, the values are compared when they are written.
        var (readCount, writtenCount) = (CountOf(read, source.Batch), CountOf(written, target.Batch));
        if (readCount is not null && writtenCount is not null && readCount != writtenCount)
        {
            throw new InterventionException("positions", $"{Name}: {readCount} positions are read in the {source.Role}, but {writtenCount} are written in the {target.Role}; they must be equal. Choose positions on both sides (At and ReadAt).");
        }

        if ((Spec.Site.ReadHeads ?? Spec.Site.Heads)?.Index.Count != Spec.Site.Heads?.Index.Count)
        {
            throw new InterventionException("heads", $"{Name}: {Spec.Site.ReadHeads?.Index.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all"} heads are read, but another number is written; they must be equal.");
        }
    }

    /// <summary>Checks that a constant is one vector, or has the shape of what is written.</summary>
    /// <exception cref="InterventionException">It has another shape.</exception>
    public void CheckConstant(Lane target, PositionChoice written)
    {
        if (Constant is not { } constant || constant.numel() == constant.shape[^1] || Spec.Site.Component is null)
        {
            return;
        }

        long?[] expected = HeadAxis is null
            ? [target.Batch.Rows, written.Count, null]
            : [target.Batch.Rows, Spec.Site.Heads?.Index.Count, written.Count, null];
        if (constant.ndim != expected.Length || expected.Zip(constant.shape).Any(pair => pair.First is { } length && length != pair.Second))
        {
            var shape = string.Join(", ", expected.Select((length, axis) => length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (axis == expected.Length - 1 ? "width" : "all")));
            throw new InterventionException("constant", $"{Name}: the constant has shape [{string.Join(", ", constant.shape)}]; expected one vector [width] for every place, or [{shape}].");
        }
    }

    /// <summary>Checks that the values of all positions or heads are as wide as what learns from them.</summary>
    /// <exception cref="InterventionException">There are more or fewer.</exception>
    public void CheckUnits(PositionChoice written, Batch batch)
    {
        var count = IsStepwise ? 1 : CountOf(written, batch);
        LearnedPlace.CheckUnits(this, count);
        if (Spec.Intervention.ProblemWith(count, Spec.Site.Features is { Index: var features } ? features.IsRagged ? null : features.Count : Width) is { } problem)
        {
            throw new InterventionException(problem.Field, $"{Name}: {problem.Fact}");
        }
    }

    /// <summary>Checks that a module's tensor has the axes that its site says.</summary>
    private void CheckAxes(Tensor tensor)
    {
        if (Spec.Site.HeadCount is { } count && (tensor.ndim != 3 || tensor.size(-1) % count != 0))
        {
            throw new InterventionException("head_count", $"{Name}: its tensor is [{string.Join(", ", tensor.shape)}], which cannot be split into {count} heads; expected [batch, position, width] with a width that is a multiple of {count}.");
        }

        if (Spec.Site.HeadAxis is not null && tensor.ndim < 3)
        {
            throw new InterventionException("head_axis", $"{Name}: its tensor is [{string.Join(", ", tensor.shape)}]; expected [batch, {(PositionAxis == 2 ? "head, position" : "position, head")}, …].");
        }
    }

    private static long? CountOf(PositionChoice positions, Batch batch) => positions.IsAll && batch.HasTokens ? batch.Columns : positions.Count;

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
        if (index is { IsPerExample: true } && index.Rows.Length != batch.Rows)
        {
            throw new InterventionException(field, $"{Name}: {field} are given for {index.Rows.Length} examples, but the {role} has {batch.Rows}.");
        }
    }
}
