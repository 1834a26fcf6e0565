using System.Text.Json;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Running;

/// <summary>Is the file that a sweep writes a line a cell to, so that it can be gone on with: JSON lines, the first of which says which sweep it is.</summary>
internal sealed class SweepFile : IDisposable
{
    private const string Format = "pyvene-typed-sweep-1";
    private const double Tolerance = 1e-3; // of the same run on another machine

    private readonly string path;
    private readonly SweepHeader wanted;
    private readonly IReadOnlyList<Control> controls;
    private readonly JsonLines lines;
    private SweepHeader? header;

    /// <summary>Opens the file, or makes it, and reads what it keeps; a last line that was torn is dropped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fingerprint">Which sweep it is to be of.</param>
    /// <param name="grid">The sweep.</param>
    /// <param name="controls">What runs beside its cells.</param>
    /// <exception cref="CheckpointException">The file is no sweep's, that of another, or damaged; it stays as it is.</exception>
    /// <exception cref="IOException">It cannot be written, or another sweep is writing it.</exception>
    public SweepFile(string path, string fingerprint, SweepGrid grid, IReadOnlyList<Control> controls)
    {
        (this.path, this.controls) = (path, controls);
        wanted = new(Format, fingerprint, grid.Cells.Length, []);
        var length = 0;
        var bytes = new FileInfo(path) is { Exists: true, Length: > 0 }
            ? RegularFile.ReadAllBytes(path, Array.MaxLength, (reason, cause) => new CheckpointException(path, reason, cause))
            : [];
        for (var number = 1; bytes.AsSpan(length).IndexOf((byte)'\n') is >= 0 and var end; number++)
        {
            Read(bytes.AsSpan(length, end), number, grid);
            length += end + 1;
        }

        // What is no line yet is replaced; it must be what a sweep began to write.
        var start = $"{{\"format\":\"{Format}\"";
        var torn = System.Text.Encoding.UTF8.GetString(bytes.AsSpan(length, Math.Min(bytes.Length - length, start.Length)));
        if (header is null && !start.StartsWith(torn, StringComparison.Ordinal))
        {
            throw Foreign();
        }

        lines = new JsonLines(path, length);
    }

    /// <summary>Gets the cells that the file had when it was opened.</summary>
    public Dictionary<int, SweepLine> Kept { get; } = [];

    /// <summary>Writes the first line, or compares that of the file, when the clean base has run.</summary>
    /// <exception cref="CheckpointException">The clean base has other values than it had.</exception>
    public void Begin(IReadOnlyList<Sample> clean)
    {
        if (header is null)
        {
            Append(wanted with { Clean = [.. clean.Select(sample => sample.ToArray())] });
        }
        else if (!header.Clean.SelectMany(values => values).Zip(clean.SelectMany(values => values)).All(pair => AreClose(pair.First, pair.Second)))
        {
            throw new CheckpointException(path, "The metrics of the clean base are others than those that the file keeps: it was written with another model or "
                + "other weights. Choose another file, or delete this one to begin anew.");
        }
    }

    /// <summary>Writes the line of a cell.</summary>
    public void Append<T>(T line)
    {
        lines.Append(line);
        lines.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    private static bool AreClose(double left, double right) =>
        left.Equals(right) || Math.Abs(left - right) <= Tolerance * (1 + Math.Max(Math.Abs(left), Math.Abs(right)));

    private void Read(ReadOnlySpan<byte> text, int number, SweepGrid grid)
    {
        try
        {
            if (header is null)
            {
                header = JsonSerializer.Deserialize<SweepHeader>(text, JsonForm.Line) is { Format: Format } read ? read : throw Foreign();
                if (header.Fingerprint != wanted.Fingerprint || header.Cells != wanted.Cells)
                {
                    throw new CheckpointException(
                        path,
                        "The file keeps another sweep: its cells, prompts, metrics, controls, model class or effect check differ from these. "
                        + "Choose another file, or delete this one to begin anew.");
                }

                if (!Fits(header.Clean, grid, grid.Base.Count)) throw Damaged("The clean base has the values of another number of metrics or examples.");
                return;
            }

            var line = JsonSerializer.Deserialize<SweepLine>(text, JsonForm.Line) ?? throw Damaged("It is null.");
            if (line.Cell < 0 || line.Cell >= wanted.Cells || !Fits(line.Values, grid, grid.Base.Count)
                || Array.Exists(line.Receipts, receipt => receipt is null) || !FitControls(line.Controls ?? [], grid) || !Kept.TryAdd(line.Cell, line))
            {
                throw Damaged($"Cell {line.Cell} is none of this sweep, stands twice, or has the values of another number of metrics, examples or controls.");
            }
        }
        catch (JsonException error) when (header is null)
        {
            throw Foreign(error);
        }
        catch (JsonException error)
        {
            throw Damaged(error.Message, error);
        }

        CheckpointException Damaged(string fact, Exception? cause = null) =>
            new(path, FormattableString.Invariant($"Line {number} is damaged: {fact} Delete the line, or the file to begin anew."), cause);
    }

    private static bool Fits(double[][] values, SweepGrid grid, int count) =>
        values.Length == grid.Metrics.Count && values.All(each => each?.Length == count);

    private bool FitControls(SweepControlLine[] lines, SweepGrid grid) => lines.Length == controls.Count && lines.Zip(controls).All(pair =>
        pair.First is { } line
        && Fits(line.Values, grid, pair.Second.Draws == 1 ? grid.Base.Count : pair.Second.Draws)
        && !Array.Exists(line.Receipts, receipt => receipt is null));

    private CheckpointException Foreign(Exception? cause = null) =>
        new(path, "This is no file of a sweep. Choose another file for it, or delete this one.", cause);
}
