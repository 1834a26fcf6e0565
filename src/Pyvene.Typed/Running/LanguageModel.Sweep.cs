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
    /// <param name="metrics">What is read off the next-token logits: a metric, or several in one pass, as <c>[first, second]</c>; the table shows the first,
    /// and its <see cref="SweepTable.Of(Metric)"/> another.</param>
    /// <param name="options">What happens when no cell has an effect (<see cref="RunOptions.Effects"/>), and which work is shared; <see langword="null"/> = the
    /// defaults. The clean run and the next token's logits are always those of a sweep, and it records no gradients.</param>
    /// <returns>The table; a configuration indexes it, and so does its number.</returns>
    /// <exception cref="InterventionException">A cell, a prompt or the metric does not fit the model (nothing has run), no cell has an effect, or the metric
    /// is no number in a cell.</exception>
    [Pure]
    public SweepTable<InterventionConfig> Sweep(
        IReadOnlyList<InterventionConfig> cells, Prompt @base, IReadOnlyList<SourceInput>? sources, Metrics metrics, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return Measured<InterventionConfig, bool>(
            _ => [.. cells.Select((cell, index) => new AxisPoint<InterventionConfig>(cell.Given("cell"), index.ToString(CultureInfo.InvariantCulture), index))],
            OnlyColumn,
            (down, _) => [.. down.Select(cell => cell.Value)],
            @base,
            metrics,
            options,
            [.. sources ?? []]).ToColumn();
    }

    /// <summary>Runs a grid that was made by a typed model, by hand, or read from a file: a table of its last axis over all others.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="options">As in a sweep of configurations; <see langword="null"/> = the defaults.</param>
    /// <returns>
    /// The table, which the names of values index: <c>table["layer 3", "head 2"]</c>; the rows of several axes have names such as <c>"layer 3, head 2"</c>, and
    /// a grid of one axis has the column <c>"value"</c>.
    /// </returns>
    /// <exception cref="InterventionException">A cell, a prompt or a metric does not fit the model (nothing has run), no cell has an effect, or a metric is no
    /// number in a cell.</exception>
    [Pure]
    public SweepTable<string, string> Sweep(SweepGrid grid, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Measured(_ => grid.Rows, _ => grid.Columns, (_, _) => grid.Cells, grid.Base, grid.Metrics, options, [.. grid.Sources]).ToTable();
    }

    /// <summary>Makes the grid of axes, which are resolved against this model and the base.</summary>
    private protected SweepGrid GridOf(
        Func<AxisScope, IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)>> axes,
        Func<AxisScope, IReadOnlyList<InterventionConfig>> cells,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        Metrics metrics)
    {
        PromptEncoder.RefuseMissing(@base, "base");
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(metrics);
        _ = new MetricReader(metrics, Tokenizer, @base.Count); // refuses what is no token
        using var scope = NewDisposeScope();
        var places = ScopeOf(Checked(@base, [.. sources]).Base);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        SweepAxis[] made = [.. axes(places).Select(axis => SweepAxis.Of(NameOfItsOwn(axis.Name), axis.Points))];
        return new(made, cells(places), @base, sources, metrics);

        string NameOfItsOwn(string name)
        {
            names[name] = names.GetValueOrDefault(name) + 1;
            return names[name] == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} {names[name]}");
        }
    }

    /// <summary>Returns what axes are resolved against: this model's sizes, and the positions of a batch's first example.</summary>
    internal AxisScope ScopeOf(Batch batch) => BatchScope.Of(Module, batch, Tokenizer);

    /// <summary>Returns what axes are resolved against; it is good for the current dispose scope.</summary>
    internal AxisScope ScopeOf(Prompt prompt) => ScopeOf(Prompts.Encode(prompt, "base"));

    /// <summary>Returns the columns of a table of one column.</summary>
    internal static IReadOnlyList<AxisPoint<bool>> OnlyColumn(AxisScope scope) => [new AxisPoint<bool>(true, "the only column")];

    /// <summary>Runs the cells of two axes and reads metrics off each.</summary>
    private protected Measured<TRow, TColumn> Measured<TRow, TColumn>(
        Func<AxisScope, IReadOnlyList<AxisPoint<TRow>>> rows,
        Func<AxisScope, IReadOnlyList<AxisPoint<TColumn>>> columns,
        Func<IReadOnlyList<AxisPoint<TRow>>, IReadOnlyList<AxisPoint<TColumn>>, IReadOnlyList<InterventionConfig>> cells,
        Prompt @base,
        Metrics metrics,
        RunOptions? options,
        params SourceInput[] sources)
    {
        PromptEncoder.RefuseMissing(@base, "base");
        ArgumentNullException.ThrowIfNull(metrics);
        options ??= new RunOptions();
        InterventionSweep.RefuseGradients(options);

        var reader = new MetricReader(metrics, Tokenizer, @base.Count);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (batch, batches) = Checked(@base, sources); // before a long prompt becomes as many cells
        var places = ScopeOf(batch);
        var (down, across) = (rows(places), columns(places));

        var configs = cells(down, across);
        var controls = new SweptControls(options.Controls, configs, batch, batches);
        using var sweep = InterventionSweep.Bind(Module, configs);
        var reading = new CellReading(reader, configs.Count);
        var receipts = sweep.Run(batch, batches, options, reading.Read);
        return Running.Measured<TRow, TColumn>.Of(
            reading, down, across, options, receipts, controls.Run(others => InterventionSweep.Bind(Module, others), reader, options));
    }

    /// <summary>Returns the batches of a base and its sources, which fit the model; their tensors belong to the current dispose scope.</summary>
    private (Batch Base, Batch?[] Sources) Checked(Prompt @base, SourceInput[] sources)
    {
        var (batch, batches) = (Prompts.Encode(@base, "base"), Prompts.Encode(sources));
        using (ModelGate.Enter(Module))
        {
            BoundModel.Check(new CallablePretrainedModel(Module), batch, batches);
        }

        return (batch, batches);
    }
}
