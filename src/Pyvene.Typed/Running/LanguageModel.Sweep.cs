using System.Diagnostics.Contracts;
using System.Globalization;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

public partial class LanguageModel
{
    /// <summary>Runs many configurations on the same prompts and reads a metric off each: a table of one column.</summary>
    /// <remarks>
    /// The cells share one clean run of the base and one run of every source: each starts in the layer that it changes, all of them in one batch. Every value
    /// equals that of a run by itself up to rounding.
    /// </remarks>
    /// <param name="cells">The configurations, at least one, all with the same number of sources; each is a value of the table's axis.</param>
    /// <param name="base">The prompt that is intervened on. With several examples the table holds means.</param>
    /// <param name="sources">The sources in order, as many as a cell reads; <see langword="null"/> = none.</param>
    /// <param name="metric">What is read off the next-token logits.</param>
    /// <param name="options">What happens when no cell has an effect (<see cref="RunOptions.Effects"/>), and which work is shared; <see langword="null"/> = the
    /// defaults. The clean run and the next token's logits are always those of a sweep, and it records no gradients.</param>
    /// <returns>The table; a configuration indexes it, and so does its number.</returns>
    /// <exception cref="InterventionException">A cell, a prompt or the metric does not fit the model (nothing has run), no cell has an effect, or the metric
    /// is no number in a cell.</exception>
    [Pure]
    public SweepTable<InterventionConfig> Sweep(
        IReadOnlyList<InterventionConfig> cells, Prompt @base, IReadOnlyList<SourceInput>? sources, Metric metric, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return Measured<InterventionConfig, bool>(
            _ => [.. cells.Select((cell, index) => new AxisPoint<InterventionConfig>(cell.Given("cell"), index.ToString(CultureInfo.InvariantCulture), index))],
            OnlyColumn,
            (cell, _) => cell,
            @base,
            metric,
            options,
            [.. sources ?? []]).ToColumn();
    }

    /// <summary>Returns the columns of a table of one column.</summary>
    private protected static IReadOnlyList<AxisPoint<bool>> OnlyColumn(AxisScope scope) => [new AxisPoint<bool>(true, "the only column")];

    /// <summary>Runs the cells of two axes and reads a metric off each.</summary>
    private protected Measured<TRow, TColumn> Measured<TRow, TColumn>(
        Func<AxisScope, IReadOnlyList<AxisPoint<TRow>>> rows,
        Func<AxisScope, IReadOnlyList<AxisPoint<TColumn>>> columns,
        Func<TRow, TColumn, InterventionConfig> cell,
        Prompt @base,
        Metric metric,
        RunOptions? options,
        params SourceInput[] sources)
    {
        ArgumentNullException.ThrowIfNull(@base);
        ArgumentNullException.ThrowIfNull(metric);
        options ??= new RunOptions();
        InterventionSweep.RefuseGradients(options);

        var measure = metric.For(Tokenizer);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (batch, batches) = (Prompts.Encode(@base, "base"), Prompts.Encode(sources));
        using (ModelGate.Enter(Module))
        {
            BoundModel.Check(new CallablePretrainedModel(Module), batch, batches); // before a long prompt becomes as many cells
        }

        var places = new AxisScope(SizeOf, positions => PointsOf(positions, batch));
        var (down, across) = (rows(places), columns(places));

        using var sweep = InterventionSweep.Bind(Module, [.. down.SelectMany(row => across.Select(column => cell(row.Value, column.Value)))]);
        var values = new double[down.Count, across.Count];
        double? before = null;
        var receipts = sweep.Run(batch, batches, options, swept =>
        {
            using var each = NewDisposeScope();
            var clean = swept.Clean.to(float32); // [batch, vocab]
            before ??= Mean(swept.Clean, clean);
            values[swept.Index / across.Count, swept.Index % across.Count] = Mean(swept.Logits, clean);
        });
        for (var index = 0; index < values.Length && options.Effects != EffectCheck.Report; index++)
        {
            var (row, column) = (index / across.Count, index % across.Count);
            if (double.IsNaN(values[row, column]))
            {
                throw new InterventionException("metric", $"'{metric.NameFor(Tokenizer)}' is not a number (NaN) in the cell of {down[row].Name} and "
                    + $"{across[column].Name}: look at its logits and at the metric. If that is a result, run with EffectCheck.Report.");
            }
        }

        return new(metric.NameFor(Tokenizer), down, across, values, before!.Value, [.. receipts.SelectMany(of => of)]);

        double Mean(Tensor logits, Tensor clean) => measure(logits.to(float32), clean).to(float64).mean().cpu().item<double>();
    }

    private IReadOnlyList<AxisPoint<Index>> PointsOf(Positions positions, Batch batch)
    {
        var length = batch.OffsetsOf(batch.LastColumns[..1])[0] + 1; // of the first example
        return [.. batch.OffsetsOf(PositionResolver.Resolve(positions, batch, "the sweep's positions", "base")[0])
            .Select(position =>
                new AxisPoint<Index>(position, TokenName(batch, position), position) { Synonyms = [new Index(length - position, fromEnd: true)] })];
    }

    private string TokenName(Batch batch, int position)
    {
        if (Tokenizer is null)
        {
            return position.ToString(CultureInfo.InvariantCulture);
        }

        using var id = batch.Inputs.InputIds![0, batch.Column(0, position)].cpu();
        return Tokenizer.TokenText((int)id.item<long>()).Replace("\n", "\\n", StringComparison.Ordinal).Trim(' ');
    }
}
