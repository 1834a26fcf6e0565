using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Measures one language model: plain forward passes, plans, sweeps and generations. All times are those of the fastest run, in seconds.</summary>
internal sealed class ModelBenchmarks : IDisposable
{
    private const int SweepLength = 6;
    private const int PromptLength = 8;
    private const int NewTokens = 64;
    private readonly PretrainedModel model;
    private readonly IBlockwiseModel blocks;
    private readonly long vocabulary;
    private readonly long width;

    public ModelBenchmarks(PretrainedModel model)
    {
        this.model = model;
        blocks = (IBlockwiseModel)model;
        vocabulary = Size("vocab_size");
        width = Size("n_embd", "hidden_size");

        long Size(params string[] fields) =>
            fields.Select(model.Config.GetInteger).FirstOrDefault(size => size is not null)
            ?? throw new InvalidOperationException($"The configuration has no {fields[0]}.");
    }

    /// <summary>Gets the number of blocks.</summary>
    public int BlockCount => blocks.BlockCount;

    /// <summary>Gets the number of cells of the sweep.</summary>
    public int SweepCells => BlockCount * SweepLength;

    /// <summary>Times a plain forward pass.</summary>
    public double Forward(int batch, int length, double budget)
    {
        var inputs = Tokens(batch, length, 1);
        return Stopwatches.Fastest(() => Plain(inputs), budget);
    }

    /// <summary>
    /// Times an interchange at one position behind the MLP of a block, with logits of every position and of the last one, and the plain forward pass beside it.
    /// </summary>
    public (TurnTime Interchange, TurnTime LastLogits, TurnTime Plain) Interchange(int batch, int length, int block, double budget)
    {
        var (@base, source) = (Tokens(batch, length, 1), Tokens(batch, length, 2));
        var last = @base with { Logits = LogitsSelection.Last() };
        using var plan = Bind(1, Swap(block, 3));
        var times = Stopwatches.InTurns(budget, () => plan.Run(@base, [source]).Dispose(), () => plan.Run(last, [source]).Dispose(), () => Plain(@base));
        return (times[0], times[1], times[2]);
    }

    /// <summary>
    /// Times the interchange in every block, of a deep model in a dozen from the first to the last, all of them in turns with the plain forward pass; returns
    /// the slowest.
    /// </summary>
    public (TurnTime Slowest, int Block, TurnTime Plain) EveryBlock(int batch, int length, double budget)
    {
        var (@base, source) = (Tokens(batch, length, 1), Tokens(batch, length, 2));
        const int most = 12;
        int[] chosen = [.. Enumerable.Range(0, Math.Min(most, BlockCount)).Select(index => index * (BlockCount - 1) / (Math.Min(most, BlockCount) - 1))];
        var plans = chosen.Select(block => Bind(1, Swap(block, 3))).ToArray();
        Action[] works = [.. plans.Select(plan => (Action)(() => plan.Run(@base, [source]).Dispose())), () => Plain(@base)];
        var times = Stopwatches.InTurns(budget, works);
        foreach (var plan in plans)
        {
            plan.Dispose();
        }

        var slowest = times[..^1].MaxBy(time => time.OfLast)!;
        return (slowest, chosen[Array.IndexOf(times, slowest)], times[^1]);
    }

    /// <summary>Times a plan that collects in every block, a plain pass while the plan is bound, one after it was disposed, and one without any plan.</summary>
    public (TurnTime Collect, TurnTime Idle, TurnTime Disposed, TurnTime Plain) Taps(int batch, int length, double budget)
    {
        var @base = Tokens(batch, length, 1);
        InterventionSpec[] specs = [.. Enumerable.Range(0, BlockCount).Select(block => Spec(new Collect(), block, null, ".mlp"))];
        InterventionPlan? plan = null;
        var times = Stopwatches.InTurns(
            budget,
            new TimedWork(() => plan!.Run(@base).Dispose(), Bound, Dispose),
            new TimedWork(() => Plain(@base), Bound, Dispose),
            new TimedWork(() => Plain(@base), Unbound),
            new TimedWork(() => Plain(@base), () => Plain(@base)));
        return (times[0], times[1], times[2], times[3]);

        // A plain pass goes before each, so that all find threads and caches alike.
        void Bound()
        {
            plan = Bind(0, specs);
            Plain(@base);
        }

        void Unbound()
        {
            Bind(0, specs).Dispose();
            Plain(@base);
        }

        void Dispose() => plan!.Dispose();
    }

    /// <summary>Times the layer × position sweep of interchanges behind the blocks.</summary>
    public double Sweep(double budget)
    {
        var (@base, source) = (Tokens(1, SweepLength, 1), Tokens(1, SweepLength, 2));
        using var sweep = InterventionSweep.Bind(model, Cells());
        return Stopwatches.Fastest(() => sweep.Run(@base, [source]).Dispose(), budget);
    }

    /// <summary>
    /// Compares the sweep with a naive run of every cell; returns the largest difference of a probability, and that of a logit divided by the largest logit.
    /// </summary>
    public (double Probability, double Logit) SweepDifference()
    {
        using var scope = NewDisposeScope();
        var (@base, source) = (Tokens(1, SweepLength, 1), Tokens(1, SweepLength, 2));
        var cells = Cells();
        using var sweep = InterventionSweep.Bind(model, cells);
        using var swept = sweep.Run(@base, [source]);
        var (probability, logit) = (0.0, 0.0);
        for (var cell = 0; cell < cells.Length; cell++)
        {
            using var inner = NewDisposeScope();
            using var plan = InterventionPlan.Bind(model, cells[cell]);
            using var run = plan.Run(@base, [source], new RunOptions { SharesWork = false, Effects = EffectCheck.Report });
            var (naive, ours) = (run.Logits.select(1, -1), swept.Logits[cell]); // [batch, vocab]
            probability = Math.Max(probability, Largest(ours.softmax(-1) - naive.softmax(-1)));
            logit = Math.Max(logit, Largest(ours - naive) / Largest(naive));
        }

        return (probability, logit);

        static double Largest(Tensor tensor) => tensor.abs().max().item<float>();
    }

    /// <summary>Times greedy generation of 64 tokens while a vector is added behind the middle block at every step.</summary>
    public double Generate(int batch, double budget)
    {
        var prompt = Tokens(batch, PromptLength, 1);
        prompt = prompt with { AttentionMask = ones_like(prompt.InputIds!) };
        var addition = Spec(new Addition(), BlockCount / 2, null, "") with
        {
            Constant = new ConstantSource([width], [.. Enumerable.Repeat(0.01f, (int)width)]),
        };
        using var plan = Bind(0, addition with { Site = addition.Site with { During = Steps.Prompt.And(Steps.Each) } });
        var options = new GenerationOptions { MaxNewTokens = NewTokens, MinNewTokens = NewTokens };
        return Stopwatches.Fastest(() => plan.Generate(prompt, generation: options).Dispose(), budget);
    }

    public void Dispose() => model.Dispose();

    private static InterventionConfig Config(int sources, params InterventionSpec[] interventions) =>
        new() { Sources = sources, Interventions = [.. interventions] };

    private InterventionConfig[] Cells() =>
        [.. Enumerable.Range(0, BlockCount)
            .SelectMany(block => Enumerable.Range(0, SweepLength).Select(position => Config(1, Spec(new Interchange(), block, Positions.Of(position), ""))))];

    private InterventionPlan Bind(int sources, params InterventionSpec[] interventions) => InterventionPlan.Bind(model, Config(sources, interventions));

    private InterventionSpec Swap(int block, int position) => Spec(new Interchange(), block, Positions.Of(position), ".mlp");

    private InterventionSpec Spec(Intervention intervention, int block, Positions? at, string module) =>
        new() { Intervention = intervention, Site = new SiteSpec { ModulePath = $"{blocks.BlockPaths[block]}{module}", At = at } };

    private void Plain(ModelInputs inputs)
    {
        using var quiet = no_grad();
        model.call(inputs).Dispose();
    }

    private ModelInputs Tokens(int batch, int length, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return new ModelInputs { InputIds = randint(0, vocabulary, [batch, length], dtype: int64, generator: generator) };
    }
}
