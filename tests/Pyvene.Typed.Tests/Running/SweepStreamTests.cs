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

    [Theory]
    [InlineData(1)] // a group a cell
    [InlineData(1_000_000_000)] // one group, whose controls run for a few cells at a time
    public async Task CellsComeWithTheirControlsAsTheTableHasThem(long budget)
    {
        Control[] controls = [Control.SelfSwap, Control.ShuffledSource, Control.MatchedRandom(12)];
        var grid = Primer.Model.Grid(
            Gpt2.Layers(2..4),
            Positions.All,
            (layer, at) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(at)),
            Prompt.Of("The capital of Spain is", "The capital of Peru is", "The capital of Chile is"),
            [Prompt.Of("The capital of Italy is", "The capital of Greece is", "The capital of Ireland is")],
            [Metric.Probability(" Rome"), Metric.LogitDifference(" Rome", " Madrid")]);
        var table = Untyped.Sweep(grid, new RunOptions { Controls = [.. controls] });
        var cells = await Untyped.SweepAsync(grid, new RunOptions { Controls = [.. controls], MemoryBudget = budget }).ToArrayAsync();
        Assert.Equal(Enumerable.Range(0, 10), cells.Select(cell => cell.Index));
        Assert.All(cells, cell => Assert.Equal(controls, cell.Controls));
        foreach (var control in controls)
        {
            foreach (var (place, metric) in grid.Metrics.Index())
            {
                var (expected, column) = (table.Of(metric).Of(control), cells.Select(cell => cell.Of(control)));
                Assert.All(column, cell => Assert.All(
                    expected.Values(cell.Names[0], cell.Names[1]).Zip(cell.Values[place]), pair => Assert.Equal(pair.First, pair.Second, 1e-4)));
            }

            Assert.Equal(
                table.Of(control).Receipts.Select(receipt => (receipt.ChangedElements, receipt.Fired)),
                cells.SelectMany(cell => cell.Of(control).Receipts).Select(receipt => (receipt.ChangedElements, receipt.Fired)));
        }

        var error = Assert.Throws<ArgumentException>(() => cells[0].Of(Control.FullComponent));
        Assert.Contains(
            "did not run the control 'full component'; it ran self swap, shuffled source, matched random × 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SweepWithControlsGoesOnFromTheMiddleOfItsFile()
    {
        var controlled = Small with { Controls = [Control.SelfSwap, Control.MatchedRandom(3)] };
        var whole = await All(controlled);
        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(11, lines.Length);
        await File.WriteAllTextAsync(path, string.Join('\n', lines[..5]) + "\n" + lines[5][..40]);

        var cells = await All(controlled);
        Assert.Equal([.. Enumerable.Repeat(true, 4), .. Enumerable.Repeat(false, 6)], cells.Select(cell => cell.IsFromFile));
        Assert.Equal(11, (await File.ReadAllLinesAsync(path)).Length);
        var table = Untyped.Sweep(Grid, controlled);
        Same(table, cells);
        foreach (var control in controlled.Controls)
        {
            Same(table.Of(control), cells.Select(cell => cell.Of(control)));
            Assert.All(cells.Take(4).Zip(whole), pair => Assert.Equal(pair.Second.Of(control).Values[0], pair.First.Of(control).Values[0]));
            Assert.All(cells.Take(4).Zip(whole), pair => Assert.Equal(pair.Second.Of(control).Receipts.AsEnumerable(), pair.First.Of(control).Receipts));
        }

        Assert.All(cells, cell => Assert.Equal(3, cell.Of(Control.MatchedRandom(3)).Values[0].Count));
        var without = lines[1][..lines[1].IndexOf(",\"controls\"", StringComparison.Ordinal)] + "}";
        await File.WriteAllTextAsync(path, $"{lines[0]}\n{without}\n");
        var error = await Assert.ThrowsAsync<CheckpointException>(() => All(controlled));
        Assert.Contains("Line 2 is damaged: Cell 0 is none of this sweep", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileOfOtherControlsIsThatOfAnotherSweep()
    {
        await All(Small with { Controls = [Control.MatchedRandom(3)] });
        var text = await File.ReadAllTextAsync(path);
        var random = Control.MatchedRandom(3);
        foreach (var others in new Control[][] { [], [Control.MatchedRandom(4)], [random with { Seed = 1 }], [random, Control.SelfSwap] })
        {
            var error = await Assert.ThrowsAsync<CheckpointException>(() => All(Small with { Controls = [.. others] }));
            Assert.Contains("The file keeps another sweep: its cells, prompts, metrics, controls,", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task ControlThatSaysNothingOfAStreamedSweepIsRefusedBeforeAnythingRuns()
    {
        var error = await Assert.ThrowsAsync<InterventionException>(() => All(new RunOptions { Controls = [Control.FullComponent] }));
        Assert.Contains("The control 'full component' says nothing of this experiment", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<InterventionException>(() => All(new RunOptions { Controls = [Control.ShuffledSource] }));
        Assert.Contains("there is one example with these sources", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path) && new FileInfo(path).Length > 0);
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
