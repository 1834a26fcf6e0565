using Pyvene.Typed.Models;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Intervenes in the forward passes of one generation. Interventions act at absolute columns: those of the prompt, and the column of every generated token that
/// is meant; a pass with a key/value cache holds the newest column only, one without holds all, and both act at the same ones.
/// </summary>
internal sealed class GenerationPass
{
    private readonly BoundModel bound;
    private readonly PretrainedModel model;
    private readonly Batch prompt;
    private readonly IReadOnlyList<GenerationStepPlan> plans;
    private readonly DisposeScopeKeeper keep;

    public GenerationPass(BoundModel bound, PretrainedModel model, Batch prompt, IReadOnlyList<GenerationStepPlan> plans, DisposeScopeKeeper keep)
    {
        this.bound = bound;
        this.model = model;
        this.prompt = prompt;
        this.plans = plans;
        this.keep = keep;
    }

    /// <summary>Runs one forward pass of the generation.</summary>
    public ModelOutput Forward(ModelInputs inputs)
    {
        var lane = new Lane { Role = "generated text", Batch = new Batch(inputs), Output = OutputRequest.None };
        var (past, copies) = (inputs.Past?.Length ?? 0, (int)(lane.Batch.Rows / prompt.Rows));
        foreach (var plan in plans)
        {
            if (plan.ColumnsIn(past, lane.Batch.Columns) is { } columns)
            {
                lane.Steps.Add(plan.Step([.. columns.SelectMany(row => Enumerable.Repeat(row, copies))], copies));
            }
        }

        return bound.Call(model, lane, inputs, keep);
    }
}
