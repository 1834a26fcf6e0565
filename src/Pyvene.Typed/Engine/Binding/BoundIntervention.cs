using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one intervention with all that could be resolved against the model before any tensor exists.</summary>
internal sealed partial class BoundIntervention : IDisposable
{
    private const int KeptShapes = 8; // of batches, whose positions and index tensors are kept
    private readonly Dictionary<(bool IsSource, long Rows, long Columns), PositionChoice> resolved = [];

    /// <summary>Gets its place in the list of the configuration.</summary>
    public required int Index { get; init; }

    public required InterventionSpec Spec { get; init; }

    /// <summary>Gets where it writes or collects.</summary>
    public required HookPoint Point { get; init; }

    /// <summary>Gets where its source is read: the same point, or the module's input when the module is skipped or adapted.</summary>
    public required HookPoint ReadPoint { get; init; }

    /// <summary>Gets the steps from the module's tensor to the component.</summary>
    public required IReadOnlyList<ViewStep> View { get; init; }

    /// <summary>Gets whether positions are time steps: calls of the module, of which each is for the examples whose step it is.</summary>
    public required bool IsStepwise { get; init; }

    /// <summary>Gets whether the module is known to be called once a position of the batch, so that steps can be checked before anything runs.</summary>
    public required bool StepsArePositions { get; init; }

    /// <summary>Gets the axis of heads in the view, or null when there is none.</summary>
    public required int? HeadAxis { get; init; }

    /// <summary>Gets the name of the axis that positions are counted along, as descriptors name it.</summary>
    public required string Along { get; init; }

    /// <summary>Gets the axis of positions in the module's own tensor: 2 where the tensor has heads before them, else 1.</summary>
    public required int PositionAxis { get; init; }

    /// <summary>Gets the axis of positions in the view and in the values: 2 behind heads, else 1.</summary>
    public int ViewPositionAxis => (HeadAxis ?? 0) + 1;

    /// <summary>Gets the sizes that the view steps need.</summary>
    public required Func<string, long> Size { get; init; }

    /// <summary>Gets how wide the component must be, or null when only a run tells.</summary>
    public required long? Width { get; init; }

    /// <summary>Gets the constant that stands in for the source, on the model's device and in its dtype; null when there is none.</summary>
    public required Tensor? Constant { get; init; }

    /// <summary>Gets the intervention in words, for messages: <c>intervention 0 (interchange at mlp_output of layer 8, position ^1)</c>.</summary>
    public string Name => field ??= NameOf(Index, Spec, IsStepwise);

    /// <summary>Gets whether the program brings the intervention, so that what it does and returns is looked at.</summary>
    public bool IsOwnFunction => Spec.Intervention.IsOwn;

    /// <summary>Gets whether a source run is read.</summary>
    public bool ReadsSource => Constant is null && Spec.Intervention.Source != Interventions.SourceNeed.None;

    /// <summary>
    /// Gets whether a value can be read in a source and written in the base in one pass. The steps of source and base differ, so what has time steps takes a
    /// pass each.
    /// </summary>
    public bool CanReadWhereItWrites => !IsStepwise && ReadPoint.IsSeenBefore(Point);

    /// <summary>
    /// Gets whether the module may have batch and position in one axis, [batch · position, width], so that an example's rows are as many as its positions.
    /// </summary>
    public required bool IsFlattened { get; init; }

    /// <summary>Gets whether the parts of all groups stand side by side in the component, which no view of the module's tensor can show.</summary>
    public bool JoinsGroups => View is [.., ViewStep.Grouped];

    /// <summary>Returns an intervention in words: its number, its type and the whole place.</summary>
    public static string NameOf(int index, InterventionSpec spec, bool isStepwise) =>
        $"intervention {index} ({spec.Intervention.Type} at {spec.Site.InWords(isStepwise)})";

    /// <summary>Returns the component as a view of the module's tensor; with time steps it has an axis for the step, of length 1: [batch, 1, width].</summary>
    /// <param name="tensor">The module's tensor.</param>
    /// <param name="batch">The batch whose rows it holds.</param>
    public Tensor ViewOf(Tensor tensor, Batch batch)
    {
        CheckAxes(tensor);
        var component = View.Count == 0 ? tensor : View.Aggregate(tensor, (view, step) => step.View(view, SizeIn));
        return IsStepwise ? component.unsqueeze(1) : component;

        long SizeIn(string size) =>
            size switch { ViewStep.BatchSize => batch.RowsAlong(Along), ViewStep.PositionSize => batch.PositionsOfInput, _ => Size(size) };
    }

    /// <summary>Returns the module's input as an adaptor sees it: [batch, position, width], [batch, 1, width] with time steps, or as it is.</summary>
    /// <param name="input">The part of the input that holds the rows of a batch.</param>
    /// <param name="batch">The batch.</param>
    public Tensor InputOf(Tensor input, Batch batch) =>
        IsStepwise ? input.unsqueeze(1) : View is [ViewStep.Tokens tokens, ..] ? tokens.View(input, _ => batch.RowsAlong(Along)) : input;

    /// <summary>
    /// Returns which part of the component is meant in a batch, as tensors of the current dispose scope or, where they serve further runs, of this
    /// intervention.
    /// </summary>
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
    private static IndexRows? RowsOf(IndexRows? index, Tensor view) =>
        index is { IsPerExample: true } ? index.Repeated((int)(view.size(0) / index.Rows.Length)) : index;

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
            IPositionAxis steps = StepsArePositions && batch.Along(Along) is { } read ? read : new PlainAxis(batch.RowsAlong(Along), null);
            return PositionChoice.Of(PositionResolver.Resolve(positions, steps, Name, role));
        }

        return batch.Along(Along) is { } tokens
            ? ColumnsIn(tokens, positions, isSource, role)
            : PositionChoice.Late(positions.Count, axis => PositionResolver.Resolve(positions, axis, Name, role));
    }

    /// <summary>Returns the columns of a batch; where its shape alone decides them, they are kept for further runs.</summary>
    private PositionChoice ColumnsIn(TokenColumns tokens, Positions positions, bool isSource, string role)
    {
        if (!tokens.IsByShape)
        {
            return PositionChoice.Of(PositionResolver.Resolve(positions, tokens, Name, role));
        }

        lock (resolved)
        {
            var shape = (isSource, tokens.Rows, tokens.Columns);
            if (!resolved.TryGetValue(shape, out var choice))
            {
                var columns = PositionResolver.Resolve(positions, tokens, Name, role);
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
}
