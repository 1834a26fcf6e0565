using Pyvene.Typed.Models;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Intervenes in the forward passes of one generation. Interventions act at absolute columns: those of the prompt, and the column of every generated token that
/// is meant; a pass with a key/value cache holds the newest column only, one without holds all, and both act at the same ones.
/// </summary>
internal sealed class GenerationPass
{
    private readonly Batch prompt;
    private readonly IReadOnlyList<GenerationStepPlan> plans;

    public GenerationPass(Batch prompt, IReadOnlyList<GenerationStepPlan> plans)
    {
        this.prompt = prompt;
        this.plans = plans;
    }

    /// <summary>Returns what happens in one forward pass of the generation.</summary>
    public Lane LaneOf(ModelInputs inputs)
    {
        var lane = new Lane { Role = "generated text", Batch = new Batch(inputs), Output = OutputRequest.None };
        var (past, copies) = (inputs.Past?.Length ?? 0, (int)(lane.Batch.Rows / prompt.Rows));
        foreach (var plan in plans)
        {
            lane.Steps.AddRange(plan.StepsIn(past, lane.Batch.Columns, copies));
        }

        return lane;
    }
}
