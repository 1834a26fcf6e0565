using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Running;

/// <summary>A grid is streamed cell by cell, and goes on from its file.</summary>
public sealed class SweepStreamTests : IDisposable
{
    private static readonly RunOptions Small = new() { MemoryBudget = 1 }; // a group a cell

    private readonly string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");

    private static LanguageModel Untyped => Primer.Model;

    private static SweepGrid Grid => Patches(Metric.Probability(" Rome"));

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task CellsAreThoseOfTheTable()
    {
        var table = Untyped.Sweep(Grid);
        var (cells, seen) = (new List<SweepCell>(), new Seen());
        await foreach (var cell in Untyped.SweepAsync(Grid, progress: seen))
        {
            cells.Add(cell);
        }

        Assert.Equal(Enumerable.Range(0, 10), cells.Select(cell => cell.Index));
        Assert.All(cells, cell => Assert.Equal(table[cell.Names[0], cell.Names[1]], cell.Values[0].Mean, 1e-6));
        Assert.All(cells, cell => Assert.Equal(table.Clean, cell.Clean[0].Mean, 1e-6));
        Assert.Equal(table.Receipts, cells.SelectMany(cell => cell.Receipts));
        Assert.Equal(Enumerable.Range(1, 10).Select(done => new SweepProgress(done, 10)), seen.Told);
    }

    [Fact]
    public async Task SweepThatWasStoppedGoesOnFromItsFile()
    {
        using var stop = new CancellationTokenSource();
        var first = new List<SweepCell>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var cell in Untyped.SweepAsync(Grid, Small, path, cancellationToken: stop.Token))
            {
                first.Add(cell);
                if (first.Count == 3) await stop.CancelAsync();
            }
        });
        Assert.Equal(3, first.Count);
        var lines = await File.ReadAllLinesAsync(path);
        Assert.InRange(lines.Length, 4, 11);
        await File.WriteAllTextAsync(path, string.Join('\n', lines[..4]) + "\n" + "{\"cell\":3,\"values\":[[0.9"); // torn where it was written

        var cells = await All(Small);
        Assert.Equal([.. Enumerable.Repeat(true, 3), .. Enumerable.Repeat(false, 7)], cells.Select(cell => cell.IsFromFile));
        Assert.Equal(Enumerable.Range(0, 10), cells.Select(cell => cell.Index).Order());
        Same(Untyped.Sweep(Grid), cells);
        Assert.Equal(first[1].Receipts.AsEnumerable(), cells[1].Receipts);
        Assert.Equal(11, (await File.ReadAllLinesAsync(path)).Length);

        var again = await All(null);
        Assert.All(again, cell => Assert.True(cell.IsFromFile));
        Same(Untyped.Sweep(Grid), again);
        Assert.Equal(11, (await File.ReadAllLinesAsync(path)).Length);
    }

    [Fact]
    public async Task FileOfAnotherSweepIsRefusedAndStaysAsItIs()
    {
        await All(null);
        var text = await File.ReadAllTextAsync(path);
        foreach (var (grid, options) in new[]
        {
            (Patches(Metric.Probability(" Madrid")), new RunOptions()),
            (Grid, new RunOptions { Effects = EffectCheck.Report }),
        })
        {
            var error = await Assert.ThrowsAsync<CheckpointException>(async () => await Untyped.SweepAsync(grid, options, path).FirstAsync());
            Assert.Contains("The file keeps another sweep", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Theory]
    [InlineData("my notes", "This is no file of a sweep.")]
    [InlineData("my notes\n", "This is no file of a sweep.")]
    [InlineData("{}\n", "This is no file of a sweep.")]
    public async Task FileThatIsNoSweepsIsRefused(string text, string expected)
    {
        await File.WriteAllTextAsync(path, text);
        var error = await Assert.ThrowsAsync<CheckpointException>(() => All(null));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task LineThatIsDamagedIsNamedAndAnotherModelIsTold()
    {
        await All(null);
        var lines = await File.ReadAllLinesAsync(path);
        await Fails([.. lines[..2], lines[2][..20], .. lines[3..]], "Line 3 is damaged");
        await Fails([.. lines, lines[4]], "Line 12 is damaged: Cell 3 is none of this sweep, stands twice");
        await Fails([.. lines[..1], lines[1].Replace("\"cell\":0", "\"cell\":10", StringComparison.Ordinal)], "Line 2 is damaged: Cell 10");
        var clean = lines[0].IndexOf("\"clean\":[[", StringComparison.Ordinal);
        await Fails([lines[0][..clean] + "\"clean\":[[0.5]]}", .. lines[1..]], "written with another model or other weights");

        async Task Fails(string[] written, string expected)
        {
            await File.WriteAllTextAsync(path, string.Join('\n', written) + "\n");
            Assert.Contains(expected, (await Assert.ThrowsAsync<CheckpointException>(() => All(null))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FileThatWasTornInItsFirstLineIsBegunAnew()
    {
        await File.WriteAllTextAsync(path, "{\"format\":\"pyvene-ty");
        Assert.Equal(10, (await All(null)).Count);
        Assert.Equal(11, (await File.ReadAllLinesAsync(path)).Length);
    }

    [Fact]
    public async Task FunctionsOfYourOwnHaveNoFileAndTheirErrorsAreThrown()
    {
        var own = Patches(Metric.Of("mine", logits => logits.select(1, 0)));
        var refused = Assert.Throws<InterventionException>(() => Untyped.SweepAsync(own, path: path));
        Assert.Contains("'mine' is a function", refused.Message, StringComparison.Ordinal);
        var count = 0;
        await foreach (var cell in Untyped.SweepAsync(own))
        {
            count++;
        }

        Assert.Equal(10, count);
        var nan = Patches(Metric.Of("broken", logits => logits.select(1, 0) * double.NaN));
        var error = await Assert.ThrowsAsync<InterventionException>(async () => await Untyped.SweepAsync(nan).FirstAsync());
        Assert.Contains("'broken' is not a number (NaN) in the cell of layer 2 and The", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SweepThatNobodyReadsOnStopsAndIsGoneOnWith()
    {
        var cell = await Untyped.SweepAsync(Grid, Small, path).FirstAsync();
        Assert.Equal(0, cell.Index);
        Assert.Equal(10, (await All(Small)).Count);
    }

    [Fact]
    public async Task SweepWithoutEffectThrowsAtItsEndAlsoWhenItGoesOn()
    {
        var dead = Primer.Model.Grid(
            Gpt2.Layers(0..3),
            layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(0)),
            "The capital of Spain is",
            ["The capital of Italy is"],
            Metric.Rank(" Rome"));
        for (var time = 0; time < 2; time++)
        {
            var error = await Assert.ThrowsAsync<InterventionException>(async () => await Untyped.SweepAsync(dead, Small, path).ToArrayAsync());
            Assert.Contains("No cell of the sweep has an effect", error.Message, StringComparison.Ordinal);
        }
    }

    private static SweepGrid Patches(Metric metric) => Primer.Model.Grid(
        Gpt2.Layers(2..4),
        Positions.All,
        (layer, at) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(at)),
        "The capital of Spain is",
        ["The capital of Italy is"],
        metric);

    private static void Same(SweepTable<string, string> table, IEnumerable<SweepCell> cells) =>
        Assert.All(cells, cell => Assert.Equal(table[cell.Names[0], cell.Names[1]], cell.Values[0].Mean, 1e-5));

    private async Task<IReadOnlyList<SweepCell>> All(RunOptions? options) => await Untyped.SweepAsync(Grid, options, path).ToArrayAsync();

    private sealed class Seen : IProgress<SweepProgress>
    {
        public List<SweepProgress> Told { get; } = [];

        public void Report(SweepProgress value) => Told.Add(value);
    }
}
