using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Measures one language model: plain forward passes, plans, and sweeps.</summary>
internal sealed class ModelBenchmarks : IDisposable
{
    private const int SweepLength = 6;
    private readonly PretrainedModel model;
    private readonly IBlockwiseModel blocks;
    private readonly long vocabulary;

    public ModelBenchmarks(PretrainedModel model)
    {
        this.model = model;
        blocks = (IBlockwiseModel)model;
        vocabulary = model.Config.GetInteger("vocab_size") ?? throw new InvalidOperationException("The configuration has no vocab_size.");
    }

    /// <summary>Returns the fastest plain forward pass, in seconds.</summary>
    public double Forward(int batch, int length, double budget)
    {
        var inputs = Tokens(batch, length, 1);
        return Stopwatches.Fastest(() => Plain(inputs), budget);
    }

    /// <summary>Returns the fastest interchange at one position in a block, and the plain forward pass beside it, in seconds.</summary>
    public (double Interchange, double Plain) Interchange(int batch, int length, int block, double budget)
    {
        var (@base, source) = (Tokens(batch, length, 1), Tokens(batch, length, 2));
        using var plan = Bind(1, Spec(new Interchange(), block, Positions.Of(3)));
        var times = Stopwatches.FastestInTurns(budget, () => plan.Run(@base, [source]).Dispose(), () => Plain(@base));
        return (times[0], times[1]);
    }

    /// <summary>Returns a plan that collects in every block, an idle bound plan, the model after the plan was disposed, and a plain forward pass, in seconds.</summary>
    public (double Collect, double Idle, double Disposed, double Plain) Taps(int batch, int length, double budget)
    {
        var @base = Tokens(batch, length, 1);
        var plan = Bind(0, [.. Enumerable.Range(0, blocks.BlockCount).Select(block => Spec(new Collect(), block, null))]);
        var bound = Stopwatches.FastestInTurns(budget, () => plan.Run(@base).Dispose(), () => Plain(@base));
        plan.Dispose();
        var disposed = Stopwatches.FastestInTurns(budget, () => Plain(@base));
        return (bound[0], bound[1], disposed[0], Forward(batch, length, budget));
    }

    /// <summary>Returns the fastest layer × position sweep, in seconds.</summary>
    public double Sweep(double budget)
    {
        var (@base, source) = (Tokens(1, SweepLength, 1), Tokens(1, SweepLength, 2));
        var cells = from block in Enumerable.Range(0, blocks.BlockCount)
                    from position in Enumerable.Range(0, SweepLength)
                    select Config(1, Spec(new Interchange(), block, Positions.Of(position), ""));
        using var sweep = InterventionSweep.Bind(model, [.. cells]);
        return Stopwatches.Fastest(() => sweep.Run(@base, [source]).Dispose(), budget);
    }

    public void Dispose() => model.Dispose();

    private static InterventionConfig Config(int sources, params InterventionSpec[] interventions) => new() { Sources = sources, Interventions = [.. interventions] };

    private InterventionPlan Bind(int sources, params InterventionSpec[] interventions) => InterventionPlan.Bind(model, Config(sources, interventions));

    private InterventionSpec Spec(Intervention intervention, int block, Positions? at, string module = ".mlp") =>
        new() { Intervention = intervention, Site = new SiteSpec { ModulePath = $"{blocks.BlocksPath}[{block}]{module}", At = at } };

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
