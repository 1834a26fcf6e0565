using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is a model with the hooks of one or many bound cells; plans and sweeps run their lanes through it.</summary>
internal sealed class BoundModel : IDisposable
{
    private readonly List<IDisposable> hooks = [];
    private readonly bool isStaged;
    private ActivePass? active;
    private bool isDisposed;

    private BoundModel(CallableModel model, IReadOnlyList<BoundCell> cells)
    {
        Model = model;
        Cells = cells;
        isStaged = model.Blocks is not null && cells.All(cell => cell.Interventions.All(bound => bound.Point.Stage != Stages.Spanning));
    }

    public CallableModel Model { get; }

    private int LastStage => Model.Blocks?.BlockCount ?? 0;

    public IReadOnlyList<BoundCell> Cells { get; }

    /// <inheritdoc cref="Bind(CallableModel, IReadOnlyList{InterventionConfig})"/>
    public static BoundModel Bind(PretrainedModel model, IReadOnlyList<InterventionConfig> configs) => Bind(new CallablePretrainedModel(model), configs);

    /// <summary>Resolves configurations against a model and registers the hooks that they need.</summary>
    public static BoundModel Bind(CallableModel model, IReadOnlyList<InterventionConfig> configs)
    {
        using var gate = ModelGate.EnterForHooks(model.Root);
        ModelGate.RefuseDisposed(model.Root);
        var cells = Cells(model);
        var arranged = model.For([.. cells.SelectMany(cell => cell.Interventions).Select(item => item.Point.Path).Distinct()]);
        var bound = new BoundModel(arranged, ReferenceEquals(arranged, model) ? cells : Cells(arranged));
        try
        {
            foreach (var point in bound.Cells.SelectMany(cell => cell.Interventions).SelectMany(item => (HookPoint[])[item.Point, item.ReadPoint]).Distinct())
            {
                bound.hooks.Add(ModuleHook.Register(point, tensor => bound.active?.See(point, tensor)));
                if (point.Module is Tap tap)
                {
                    tap.EngineHooks++;
                    bound.hooks.Add(new Undo(() => tap.EngineHooks--));
                }
            }

            return bound;
        }
        catch
        {
            bound.Dispose();
            throw;
        }

        BoundCell[] Cells(CallableModel model)
        {
            var binder = new Binder(model);
            return [.. configs.Select(config => new BoundCell(config.Mode, config.Sources, binder.Bind(config)))];
        }
    }

    /// <summary>Checks the inputs of a run before anything runs.</summary>
    /// <exception cref="InterventionException">An input does not fit the model; the field names it, such as <c>sources[0].input_ids</c>.</exception>
    public void Check(Batch @base, IReadOnlyList<Batch?> sources) => Check(Model, @base, sources);

    /// <inheritdoc cref="Check(Batch, IReadOnlyList{Batch})"/>
    public static void Check(CallableModel model, Batch @base, IReadOnlyList<Batch?> sources)
    {
        Check(model, @base, "");
        for (var index = 0; index < sources.Count; index++)
        {
            if (sources[index] is { } source)
            {
                Check(model, source, $"sources[{index}].");
            }
        }
    }

    private static void Check(CallableModel model, Batch batch, string prefix)
    {
        try
        {
            model.Check(batch.Inputs);
        }
        catch (ArgumentException error)
        {
            var field = prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ParamName ?? "inputs");
            throw new InterventionException(field, $"{field}: {error.Message}", error);
        }
    }

    /// <summary>Tells what running lanes would compute.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="naive">What would run without sharing.</param>
    /// <param name="sharing">Which work may be shared.</param>
    /// <param name="budget">How many bytes may be taken at once; <see langword="null"/> = memory is no limit.</param>
    public PlanExplanation Explain(IReadOnlyList<Lane> lanes, IReadOnlyList<Lane> naive, WorkSharing sharing, long? budget = null)
    {
        var passes = Passes(lanes, sharing, budget);
        var memory = new PassMemory(Model, lanes);
        return new PassExplainer(Model, Possible(sharing).HasFlag(WorkSharing.Blocks)).Explain(passes, naive) with
        {
            ExpectedBytes = memory.OfReads + passes.Max(pass => pass.Lanes.Sum(memory.Of)),
            MemoryBudget = budget,
        };
    }

    /// <summary>Returns the passes that run lanes, in order.</summary>
    /// <inheritdoc cref="Explain"/>
    public IReadOnlyList<Pass> Passes(IReadOnlyList<Lane> lanes, WorkSharing sharing, long? budget = null)
    {
        sharing = Possible(sharing);
        if (budget is not { } bytes)
        {
            return PassBuilder.Build(lanes, sharing, LastStage);
        }

        var memory = new PassMemory(Model, lanes);
        return PassBuilder.Build(lanes, sharing, LastStage, memory.Of, Math.Max(0, bytes - memory.OfReads));
    }

    /// <summary>Runs passes; the slots, receipts and results of their lanes are filled with tensors of the given scope.</summary>
    /// <param name="passes">The passes.</param>
    /// <param name="sharing">Which work may be shared.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="frees">Whether residual streams are freed as soon as the next block has them, in a sweep, where they are large.</param>
    public void Execute(IEnumerable<Pass> passes, WorkSharing sharing, DisposeScope scope, bool frees = false)
    {
        RefuseDisposed();
        using var step = BeginStep();
        sharing = Possible(sharing);
        foreach (var pass in passes)
        {
            using var inner = NewDisposeScope();
            using var watched = Watch(pass.Lanes, Keep);
            var executor = new PassExecutor(Model, active!, Keep, frees ? inner : null);
            if (sharing.HasFlag(WorkSharing.Blocks))
            {
                executor.RunStaged(Model.Blocks!, pass);
            }
            else
            {
                var inputs = executor.BeginWhole(pass);
                executor.FinishWhole(pass, inputs, Model.Call(inputs));
            }

            active!.Complete();
        }

        Tensor Keep(Tensor tensor) => tensor.MoveToOtherDisposeScope(scope);
    }

    /// <summary>Calls a model once while one lane watches, as a generation does; what the model returns belongs to the current dispose scope.</summary>
    public ModelOutput Call(PretrainedModel model, Lane lane, ModelInputs inputs, DisposeScopeKeeper keep)
    {
        using var watched = Watch([lane], keep);
        active!.SetRows([lane]);
        var output = model.call(inputs);
        active!.Complete();
        return output;
    }

    private void RefuseDisposed()
    {
        if (isDisposed)
        {
            var what = Cells is [var only]
                ? $"plan of {(only.Interventions.Count == 0 ? "no intervention" : string.Join(", ", only.Interventions.Select(bound => bound.Name)))}"
                : $"sweep of {Cells.Count} cells";
            throw new ObjectDisposedException(Model.ClassName, $"The {what} was disposed, so it cannot run any more. Bind it again, and dispose it behind "
                + "its last run.");
        }
    }

    /// <summary>Returns what of the sharing this model allows.</summary>
    public WorkSharing Possible(WorkSharing sharing) =>
        !Model.RowsAreIndependent && !(isStaged && Model.KeepsRunsApart && sharing.HasFlag(WorkSharing.Blocks)) ? WorkSharing.None
        : !isStaged ? sharing & ~(WorkSharing.Blocks | WorkSharing.Positions)
        : !Model.SharesPositions ? sharing & ~WorkSharing.Positions
        : sharing;

    /// <summary>Lets the hooks act for lanes until what it returns is disposed.</summary>
    private Undo Watch(IReadOnlyList<Lane> lanes, DisposeScopeKeeper keep)
    {
        var watched = new Undo();
        try
        {
            watched.Add(BeginStep().Dispose);
            active = new ActivePass(lanes, keep);
            foreach (var point in active.Points)
            {
                if (point.Module is Tap tap)
                {
                    watched.Add(tap.Activate().Dispose);
                }
            }

            watched.Add(() => active = null);
            return watched;
        }
        catch
        {
            active = null;
            watched.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lets every module of an intervention compute what depends on its parameters alone, such as a rotation, once for all places and passes; a step within a
    /// step adds nothing.
    /// </summary>
    private Undo BeginStep()
    {
        var modules = Cells.SelectMany(cell => cell.Interventions)
            .Select(bound => bound.Spec.Intervention)
            .OfType<Learned>()
            .Select(learned => learned.Module)
            .Distinct();
        return new Undo(modules.Select(module => module.BeginStep()).OfType<IDisposable>().Select(begun => (Action)begun.Dispose));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var gate = ModelGate.EnterForHooks(Model.Root);
        isDisposed = true;
        for (var index = hooks.Count - 1; index >= 0; index--)
        {
            hooks[index].Dispose();
        }

        hooks.Clear();
        foreach (var intervention in Cells.SelectMany(cell => cell.Interventions))
        {
            intervention.Dispose();
        }
    }
}
