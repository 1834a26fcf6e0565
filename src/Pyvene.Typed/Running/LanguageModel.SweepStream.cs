using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

public partial class LanguageModel
{
    private const int DrawsTogether = 64; // of controls, between cells that are handed on: each time they begin with the clean run and the sources anew

    /// <summary>Runs a grid and yields its cells as they come: in groups that stay within <see cref="RunOptions.MemoryBudget"/>.</summary>
    /// <remarks>
    /// With a file the sweep can be stopped and gone on with: every cell is a line of it, cells that it has are not run again and come first, once the clean
    /// base has run and was found to have the file's values. Functions of your own are called on another thread. Controls
    /// (<see cref="RunOptions.Controls"/>) run behind each group, and a cell comes when its controls have run (<see cref="SweepCell.Of"/>).
    /// </remarks>
    /// <param name="grid">The grid.</param>
    /// <param name="options">As in a sweep of configurations; <see langword="null"/> = the defaults.</param>
    /// <param name="path">The sweep's file, JSON lines, which is made or gone on with; <see langword="null"/> = none.</param>
    /// <param name="progress">Is told how many cells are done, with every cell; <see langword="null"/> = nobody is.</param>
    /// <param name="cancellationToken">Stops the sweep before its next cell; the group that is running ends first, and its cells are in the file, with
    /// controls those whose controls have run.</param>
    /// <returns>The cells, each once; those of a group in the order of the grid.</returns>
    /// <exception cref="InterventionException">A cell, a prompt or a metric does not fit the model (nothing has run), no cell has an effect, a metric is no
    /// number in a cell, or there is a file and a metric or an intervention is a function of your own.</exception>
    /// <exception cref="CheckpointException">The file is no sweep's, that of another sweep or model, or damaged; it stays as it is.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The sweep was cancelled.</exception>
    public IAsyncEnumerable<SweepCell> SweepAsync(
        SweepGrid grid,
        RunOptions? options = null,
        string? path = null,
        IProgress<SweepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grid);
        options ??= new RunOptions();
        InterventionSweep.RefuseGradients(options);
        var reader = new MetricReader(grid.Metrics, Tokenizer, grid.Base.Count);
        if (path is null) return Streamed((write, stop) => RunCells(grid, options, reader, null, write, stop), grid.Cells.Length, progress, cancellationToken);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var controls = string.Concat(options.Controls.Select(control => $"\n{control}"));
        var told = $"{grid.ToJson()}\n{Module.GetName()}\n{options.Effects}{controls}";
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)));
        return Streamed(
            (write, stop) =>
            {
                using var file = new SweepFile(path, fingerprint, grid, options.Controls);
                RunCells(grid, options, reader, file, write, stop);
            },
            grid.Cells.Length,
            progress,
            cancellationToken);
    }

    private static async IAsyncEnumerable<SweepCell> Streamed(
        Action<Action<SweepCell>, CancellationToken> run,
        int total,
        IProgress<SweepProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The model runs on a thread of its own: dispose scopes and the engine belong to the thread that they were begun on.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var cells = Channel.CreateUnbounded<SweepCell>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var work = Task.Run(
            () =>
            {
                try
                {
                    run(cell => cells.Writer.TryWrite(cell), stop.Token);
                }
                finally
                {
                    cells.Writer.Complete();
                }
            },
            CancellationToken.None);
        try
        {
            var done = 0;
            await foreach (var cell in cells.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SweepProgress(++done, total));
                yield return cell;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false); // A reader that stops early stops the model too.
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work.ConfigureAwait(false); // throws what the sweep threw
    }

    private void RunCells(SweepGrid grid, RunOptions options, MetricReader reader, SweepFile? file, Action<SweepCell> write, CancellationToken cancellation)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (batch, batches) = Checked(grid.Base, [.. grid.Sources]);
        using var sweep = InterventionSweep.Bind(Module, grid.Cells);

        // One cell at least runs, so that the clean base does, whose values tell another model.
        SweepLine[] kept = [.. file?.Kept.Values ?? Enumerable.Empty<SweepLine>()];
        KeptCell[] skipped = [.. kept.Take(grid.Cells.Length - 1).Select(line => new KeptCell(line.Cell, line.Receipts, line.IsRead))];
        ImmutableArray<Sample> clean = [];
        var controls = new SweptControls(options.Controls, grid.Cells, batch, batches);
        var (waiting, together) = (new List<SweepLine>(), Math.Max(1, DrawsTogether / Math.Max(1, controls.Draws)));
        sweep.Run(
            batch,
            batches,
            options,
            swept =>
            {
                if (clean.IsEmpty)
                {
                    clean = [.. reader.Read(swept.Clean, swept.Clean)];
                    file?.Begin(clean);
                    foreach (var old in kept)
                    {
                        write(CellOf(old) with { IsFromFile = true });
                    }
                }

                if (file?.Kept.ContainsKey(swept.Index) == true) return;
                var values = reader.Read(swept.Logits, swept.Clean);
                if (options.Effects != EffectCheck.Report) reader.RefuseNotANumber(values, string.Join(" and ", grid.NamesOf(swept.Index)));
                SweepLine line = new(swept.Index, Numbers(values), [.. swept.Receipts], swept.IsRead);
                if (options.Controls.IsEmpty) Finish(line);
                else waiting.Add(line);
            },
            cancellation,
            skipped,
            RunControls);

        void RunControls()
        {
            foreach (var lines in waiting.Chunk(together))
            {
                cancellation.ThrowIfCancellationRequested();
                var ran = controls.Run(cells => InterventionSweep.Bind(Module, cells), reader, options, [.. lines.Select(line => line.Cell)]);
                foreach (var (place, line) in lines.Index())
                {
                    Finish(line with
                    {
                        Controls = [.. ran.Select(one => new SweepControlLine(Numbers(one.Values.Select(cells => cells[place])), one.Receipts[place]))],
                    });
                }
            }

            waiting.Clear();
        }

        void Finish(SweepLine line)
        {
            file?.Append(line);
            write(CellOf(line));
        }

        SweepCell CellOf(SweepLine line) => new(line.Cell, grid.NamesOf(line.Cell), Samples(line.Values), clean, [.. line.Receipts])
        {
            UnderControls = [.. options.Controls.Zip(line.Controls ?? [], (control, did) => (control, Samples(did.Values), did.Receipts.ToImmutableArray()))],
        };

        static double[][] Numbers(IEnumerable<Sample> samples) => [.. samples.Select(sample => sample.ToArray())];

        static ImmutableArray<Sample> Samples(double[][] values) => [.. values.Select(each => Sample.Of(each))];
    }
}
