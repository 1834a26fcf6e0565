using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Benchmarks;

/// <summary>
/// Measures what runs leave behind, on a model so small that nothing else shows: managed bytes a run, resident memory and tensors over many runs.
/// </summary>
internal sealed class SteadyState : IDisposable
{
    private const string Tiny =
        """
        { "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 53, "n_positions": 32, "n_embd": 16, "n_head": 4, "n_layer": 6, "initializer_range": 0.4 }
        """;

    private readonly PretrainedModel model = ModelLoader.Create(ModelConfig.Parse(Tiny, "tiny"));
    private readonly ModelInputs @base = Tokens(1);
    private readonly ModelInputs source = Tokens(2);

    /// <summary>
    /// Returns the managed bytes that a run of a bound plan allocates once it is warm, and those of the same tensor operations written by hand with
    /// TorchSharp's hooks.
    /// </summary>
    /// <param name="interventions">The number of interchanges, one a block.</param>
    public (long Plan, long ByHand) ManagedBytes(int interventions)
    {
        using var plan = InterventionPlan.Bind(model, Swaps(interventions));
        var named = model.named_modules().ToDictionary(item => item.name, item => item.module);
        var modules = Enumerable.Range(0, interventions).Select(block => (nn.Module<Tensor, Tensor>)named[$"transformer.h.{block}.mlp"]).ToArray();
        return (BytesOf(() => plan.Run(@base, [source]).Dispose()), BytesOf(() => ByHand(modules)));
    }

    /// <summary>Runs a plan many times and returns by how much resident memory, in bytes, and the number of tensors have grown since it was warm.</summary>
    public (long Memory, long Tensors) Growth(int runs)
    {
        using var plan = InterventionPlan.Bind(model, Swaps(2));
        Run(Math.Max(500, runs / 10));
        var (memory, tensors) = (Resident(), Tensor.TotalCount);
        Run(runs);
        return (Resident() - memory, Tensor.TotalCount - tensors);

        void Run(int times)
        {
            for (var index = 0; index < times; index++)
            {
                plan.Run(@base, [source]).Dispose();
            }
        }
    }

    /// <summary>Binds, runs and disposes plans, and returns how many tensors they left behind.</summary>
    public long LeftByPlans(int plans)
    {
        var before = Tensor.TotalCount;
        for (var index = 0; index < plans; index++)
        {
            using var plan = InterventionPlan.Bind(model, Swaps(2));
            plan.Run(@base, [source]).Dispose();
        }

        return Tensor.TotalCount - before;
    }

    public void Dispose() => model.Dispose();

    private static InterventionConfig Swaps(int count) => new()
    {
        Sources = 1,
        Interventions = [.. Enumerable.Range(0, count).Select(block => new InterventionSpec
        {
            Intervention = new Interchange(),
            Site = new SiteSpec { ModulePath = $"transformer.h[{block}].mlp", At = Positions.Of(3) },
        })],
    };

    private static ModelInputs Tokens(int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return new ModelInputs { InputIds = randint(0, 53, [1, 16], dtype: int64, generator: generator) };
    }

    private static long BytesOf(Action run)
    {
        const int warm = 200;
        const int counted = 200;
        for (var index = 0; index < warm; index++)
        {
            run();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < counted; index++)
        {
            run();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / counted;
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

    /// <summary>
    /// Does what the plan does, with TorchSharp alone: runs the source and keeps what is behind the MLPs at position 3, runs the base with it in place, and
    /// counts what changed.
    /// </summary>
    private void ByHand(nn.Module<Tensor, Tensor>[] modules)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var kept = new Tensor[modules.Length];
        var changes = new (Tensor Count, Tensor Largest)[modules.Length];
        var hooks = modules.Select((module, index) => module.register_forward_hook((_, _, output) => Read(index, output)!)).ToArray();
        model.call(source with { Logits = LogitsSelection.None });
        Array.ForEach(hooks, hook => hook.remove());
        hooks = [.. modules.Select((module, index) => module.register_forward_hook((_, _, output) => Write(index, output)))];
        using var logits = model.call(@base).Logits!.DetachFromDisposeScope();
        Array.ForEach(hooks, hook => hook.remove());
        var counts = changes.Select(change => (change.Count.item<long>(), change.Largest.to(float64).item<double>())).ToArray();

        Tensor? Read(int index, Tensor output)
        {
            kept[index] = output.index(Place()).MoveToOtherDisposeScope(scope);
            return null;
        }

        Tensor Write(int index, Tensor output)
        {
            var (place, written) = (Place(), output.clone());
            var before = written.index(place);
            var difference = (kept[index] - before).abs();
            changes[index] = (difference.ne(0).sum().MoveToOtherDisposeScope(scope), difference.max().MoveToOtherDisposeScope(scope));
            written.index_put_(kept[index], place, accumulate: false);
            return written;
        }

        static Tensor[] Place() => [arange(1, dtype: int64).view(-1, 1), tensor([3L], [1, 1], dtype: int64)];
    }
}
