namespace Pyvene.Typed.Benchmarks;

/// <summary>Prints the rows of one model, beside Python where it is unpacked. Everything is measured in one go, so that the ratios belong together.</summary>
/// <param name="ours">The measurements of this library.</param>
/// <param name="folder">The checkpoint, which both sides load.</param>
/// <param name="python">The other side, or <see langword="null"/>.</param>
/// <param name="threads">How many threads both use.</param>
/// <param name="seconds">The time budget of one measurement.</param>
internal sealed class ModelReport(ModelBenchmarks ours, string folder, PythonSide? python, int threads, double seconds)
{
    private readonly bool isSmall = ours.BlockCount <= 12; // GPT-2 small, else a deeper and narrower Llama: their targets differ

    /// <summary>Measures and prints.</summary>
    public void Print()
    {
        SpeedTable.Head($"{folder}, {threads} threads; times are those of the fastest run, ratios to a plain forward the median of turns");
        Forwards();
        Interchanges();
        Bystanders();
        Sweeps();
        Generations();
    }

    private void Forwards()
    {
        var theirs = python?.Measure("bench_forward.py", folder, threads, seconds, "--only forward/sdpa");
        foreach (var (batch, length) in new[] { (1, 16), (1, 64), (8, 64) })
        {
            SpeedTable.Row($"forward {batch} × {length}, logits of every position", ours.Forward(batch, length, seconds), Beside(
                theirs, "PyTorch", $"forward/sdpa/{batch}x{length}"));
        }
    }

    private void Interchanges()
    {
        var middle = ours.BlockCount / 2;
        var theirs = python?.Measure("bench_intervene.py", folder, threads, seconds, "--sections 3");
        foreach (var batch in new[] { 1, 8 })
        {
            var (whole, last, plain) = ours.Interchange(batch, 16, middle, seconds);
            double? most = isSmall && batch == 1 ? 0.4 : null;
            var pyvene = $"interchange/pyvene/mlp_output/{batch}x16/original_false";
            Row($"interchange {batch} × 16, block {middle}, logits of every position", whole, plain, 1.6, Beside(theirs, "pyvene", pyvene, most));
            Row($"interchange {batch} × 16, block {middle}, logits of the last position", last, plain, 1.6, Beside(theirs, "pyvene", pyvene, most));
        }

        foreach (var batch in new[] { 1, 8 })
        {
            var (slowest, block, plain) = ours.EveryBlock(batch, 16, seconds / 2);
            Row($"interchange {batch} × 16, the slowest block ({block})", slowest, plain, 2.05);
        }
    }

    private void Bystanders()
    {
        var (collect, idle, disposed, plain) = ours.Taps(1, 16, 15 * seconds);
        Row($"collect in all {ours.BlockCount} blocks, 1 × 16", collect, plain, 1.03);
        Row("a plain forward while that plan is bound", idle, plain, 1.02);
        Row("a plain forward after it was disposed", disposed, plain, 1.02);
    }

    private void Sweeps()
    {
        var sweep = ours.Sweep(seconds);
        var theirs = python?.Measure("bench_intervene.py", folder, threads, Math.Min(seconds, 1), "--sections 4");
        SpeedTable.Row(
            $"layer × position sweep, {ours.SweepCells} cells, next-token logits",
            Math.Min(sweep, ours.Sweep(seconds)),
            [.. Beside(theirs, "pyvene", "sweep/pyvene_tutorial", 0.05), .. Beside(theirs, "PyTorch by hand", "sweep/torch_resume", 0.5)]);
        var (probability, logit) = ours.SweepDifference();
        SpeedTable.Row("its largest difference of a probability to naive runs", probability, "", 1e-5);
        SpeedTable.Row("its largest difference of a logit, of the largest logit", logit, "", 1e-4);
    }

    private void Generations()
    {
        var theirs = python?.Measure("bench_generate.py", folder, threads, seconds, "--only addition/batch1");
        SpeedTable.Row(
            "greedy generation of 64 tokens, addition at every step",
            ours.Generate(1, 2 * seconds),
            Beside(theirs, "pyvene", "generate/pyvene_addition/batch1", isSmall ? 0.95 : 0.7));
    }

    /// <summary>Prints a row of work that was timed in turns with a plain forward pass.</summary>
    private static void Row(string work, TurnTime time, TurnTime plain, double most, params ReadOnlySpan<Ratio> others) =>
        SpeedTable.Row(work, time.Seconds, [new Ratio("a plain forward", plain.Seconds, most, time.OfLast), .. others]);

    private static Ratio[] Beside(Dictionary<string, double>? theirs, string of, string name, double? most = null) =>
        theirs is null ? [] : [new Ratio(of, theirs[name], most)];
}
