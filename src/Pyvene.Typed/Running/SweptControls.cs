using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Running;

/// <summary>Runs the cells of a sweep under its controls.</summary>
internal sealed class SweptControls
{
    private readonly Batch @base;
    private readonly (Control Control, IReadOnlyList<InterventionConfig> Cells, IReadOnlyList<Batch?> Sources)[] runs;

    /// <summary>Makes the cells and the sources of every control; the tensors belong to the current dispose scope.</summary>
    /// <param name="controls">The controls.</param>
    /// <param name="cells">The cells of the sweep.</param>
    /// <param name="base">What is intervened on.</param>
    /// <param name="sources">The sources in order; null = left out on purpose.</param>
    /// <exception cref="Errors.InterventionException">A control has nothing to change in a cell, or too few examples.</exception>
    public SweptControls(IReadOnlyList<Control> controls, IReadOnlyList<InterventionConfig> cells, Batch @base, IReadOnlyList<Batch?> sources)
    {
        this.@base = @base;
        runs = [.. controls.Select(control =>
        {
            var order = control.Given().Kind == ControlKind.ShuffledSource ? control.OrderOf((int)@base.Rows) : null;
            return (
                control,
                (IReadOnlyList<InterventionConfig>)
                    [.. cells.SelectMany(cell => Enumerable.Range(0, control.Draws).Select(draw => control.Of(cell, draw, order)))],
                (IReadOnlyList<Batch?>)[.. sources.Select(source => source is null ? null
                    : control.Kind == ControlKind.SelfSwap ? @base
                    : order is null ? source : source.Examples(order))]);
        })];
    }

    /// <summary>Gets how many draws the controls run for a cell, all of them together.</summary>
    public int Draws => runs.Sum(run => run.Control.Draws);

    /// <summary>Runs the controls.</summary>
    /// <param name="bind">Binds cells to the model.</param>
    /// <param name="reader">Reads the metrics.</param>
    /// <param name="options">The settings of the sweep.</param>
    /// <param name="some">The cells that they run for, from 0; null = all.</param>
    /// <returns>For every control what each metric read, [metric][cell], and the receipts of every cell, draw by draw.</returns>
    public IReadOnlyList<(Control Control, Sample[][] Values, EffectReceipt[][] Receipts)> Run(
        Func<IReadOnlyList<InterventionConfig>, InterventionSweep> bind, MetricReader reader, RunOptions options, IReadOnlyList<int>? some = null) =>
        [.. runs.Select(run =>
        {
            var (control, all, sources) = run;
            var cells = some is null ? all : [.. some.SelectMany(cell => Enumerable.Range(cell * control.Draws, control.Draws)).Select(draw => all[draw])];
            using var sweep = bind(cells);
            var reading = new CellReading(reader, cells.Count);
            var receipts = sweep.Run(@base, sources, options with { Effects = EffectCheck.Report }, reading.Read);
            return (
                control,
                reader.Metrics.Select((_, metric) => reading.Values.Chunk(control.Draws).Select(draws => control.Draws == 1
                    ? draws[0][metric]
                    : Sample.Of([.. draws.Select(draw => draw[metric].Mean)])).ToArray()).ToArray(),
                receipts.Chunk(control.Draws).Select(draws => draws.SelectMany(of => of).ToArray()).ToArray());
        })];
}
