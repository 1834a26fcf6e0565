using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one intervention of a generation: when it acts, with which values, and what it collected.</summary>
internal sealed class GenerationStepPlan
{
    private readonly BoundIntervention bound;
    private readonly Receipt receipt;
    private readonly Tensor? source; // [batch, (head), position, width]
    private readonly bool grows; // whether its positions are those of the text that is generated
    private readonly PositionChoice inPrompt;
    private readonly long[][] promptColumns; // of the text
    private readonly long promptLength;

    /// <param name="bound">The intervention.</param>
    /// <param name="receipt">Counts what it does.</param>
    /// <param name="source">The values read in the source, or null.</param>
    /// <param name="prompt">The prompts.</param>
    /// <exception cref="InterventionException">The intervention does not say when it acts, or its positions do not fit the prompts.</exception>
    public GenerationStepPlan(BoundIntervention bound, Receipt receipt, Tensor? source, Batch prompt)
    {
        (this.bound, this.receipt, this.source) = (bound, receipt, source);
        promptLength = prompt.Columns;
        var steps = bound.Spec.Site.During
            ?? throw new InterventionException(
                "steps", $"{bound.Name} does not say when in a generation it acts; choose Steps.Prompt, Steps.Each or Steps.At(…) with During.");
        grows = prompt.Along(bound.Along) == prompt.Tokens;
        if (!grows && steps is not { IncludesPrompt: true, IncludesEach: false, Chosen.IsEmpty: true })
        {
            throw new InterventionException(
                "steps", $"{bound.Name} acts in {steps}, but what it acts on belongs to the encoder, which runs once, with the prompt; choose Steps.Prompt.");
        }

        bound.CheckExamples(prompt, "base");
        long[] none = [], all = [.. Enumerable.Range(0, (int)promptLength).Select(column => (long)column)];
        inPrompt = steps.IncludesPrompt ? bound.PositionsIn(prompt, isSource: false, "base") : PositionChoice.All;
        promptColumns = steps.IncludesPrompt && inPrompt.Known is { } known
            ? known
            : [.. Enumerable.Repeat(steps.IncludesPrompt ? all : none, (int)prompt.Rows)];
    }

    /// <summary>Gets its place in the list of the configuration.</summary>
    public int Index => bound.Index;

    /// <summary>Gets whether the intervention collects.</summary>
    public bool Collects => !bound.Spec.Intervention.Writes;

    /// <summary>Gets whether it acts on generated tokens too, so that the prompt alone does not tell what it does.</summary>
    public bool GoesOn => bound.Spec.Site.During is { IncludesEach: true } or { Chosen.IsEmpty: false };

    /// <summary>Gets whether a pass came in which it acts.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Gets what was collected, one tensor a pass in which it acted: [row, unit …, width].</summary>
    public List<Tensor> Collected { get; } = [];

    /// <summary>Returns what the intervention does in a pass.</summary>
    /// <param name="past">How many columns of the text are cached.</param>
    /// <param name="count">How many columns the pass holds.</param>
    /// <param name="copies">How many rows an example has.</param>
    public IEnumerable<LaneStep> StepsIn(long past, long count, int copies)
    {
        if (!grows)
        {
            // The encoder, and what is made of its output, is called in the passes that need it; there it is the same every time.
            IsReached = true;
            return StepsOf(copies == 1 || inPrompt.Known is not { } known ? inPrompt : PositionChoice.Of(Copied(known, copies)), inPrompt.Count, copies);
        }

        return ColumnsIn(past, count) is { } columns
            ? StepsOf(PositionChoice.Of(Copied(columns, copies)), columns[0].Length, copies)
            : [];
    }

    private static long[][] Copied(long[][] columns, int copies) => [.. columns.SelectMany(row => Enumerable.Repeat(row, copies))];

    /// <summary>Returns the columns at which the intervention acts in a pass, relative to it, for every example; null when it does not act.</summary>
    private long[][]? ColumnsIn(long past, long count)
    {
        var generated = Enumerable.Range(0, (int)Math.Max(0, past + count - promptLength))
            .Where(bound.Spec.Site.During!.Includes)
            .Select(step => promptLength + step);
        long[][] columns = [.. promptColumns.Select(row =>
            row.Concat(generated).Where(column => column >= past && column < past + count).Select(column => column - past).ToArray())];
        IsReached |= columns[0].Length > 0;
        return columns[0].Length == 0 ? null : columns;
    }

    private IEnumerable<LaneStep> StepsOf(PositionChoice positions, int? count, int copies) => bound.Spec.Intervention.Writes
        ? new LaneStep.Edit(bound, source is null ? null : new ValueSlot(Spread(source, count, copies)), receipt, positions)
        {
            Constant = ConstantOf(count, copies),
        }.Steps
        : [new LaneStep.Keep(bound, new ValueSlot(Collected), receipt, positions)];

    /// <summary>
    /// Returns the constant for a pass: one vector serves every place, and what is given for every example is spread as a source's values are.
    /// </summary>
    private Tensor? ConstantOf(int? count, int copies) => bound.Constant is { } constant
        && constant.ndim == bound.ViewPositionAxis + 2
        && constant.numel() > constant.shape[^1] ? Spread(constant, count, copies) : bound.Constant;

    /// <summary>Gives every row its example's values, and every position the one value or its own.</summary>
    private Tensor Spread(Tensor values, int? given, int copies)
    {
        if (given is not { } count) return values.repeat_interleave(copies, 0); // [row, (head), position, width]
        var axis = bound.ViewPositionAxis;
        if (values.shape[axis] != 1 && values.shape[axis] != count)
        {
            var (field, what) = bound.Constant is null ? ("positions", "are read in the source") : ("constant", "are in the constant");
            throw new InterventionException(
                field,
                $"{bound.Name}: {values.shape[axis]} positions {what}, but {count} are written in one pass; "
                    + "give one, which is used at every place, or as many.");
        }

        long[] shape = [.. values.shape];
        shape[axis] = count;
        return values.expand(shape).repeat_interleave(copies, 0); // [row, (head), position, width]
    }
}
