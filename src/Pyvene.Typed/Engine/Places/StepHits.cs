using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is which examples a call of a module is for: those whose time step it is, each with the place of the step in its list.</summary>
/// <param name="Examples">The examples.</param>
/// <param name="Places">For each of them the index of the step in the example's list of steps.</param>
internal sealed record StepHits(long[] Examples, long[] Places)
{
    /// <summary>Finds the examples of a call; null when it is for none.</summary>
    /// <param name="steps">The steps that are meant; all = every call is for every example.</param>
    /// <param name="rows">The number of examples.</param>
    /// <param name="call">The call, from 0.</param>
    public static StepHits? At(PositionChoice steps, long rows, int call)
    {
        if (steps.Known is not { } known)
        {
            return new StepHits([.. Enumerable.Range(0, (int)rows).Select(row => (long)row)], [.. Enumerable.Repeat((long)call, (int)rows)]);
        }

        var hits = known.SelectMany((row, example) =>
            row.Select((step, place) => (Step: step, Example: (long)example, Place: (long)place)).Where(hit => hit.Step == call)).ToArray();
        return hits.Length == 0 ? null : new StepHits([.. hits.Select(hit => hit.Example)], [.. hits.Select(hit => hit.Place)]);
    }

    /// <summary>Returns the values of these examples and steps: [example, 1, …].</summary>
    /// <param name="values">The values of all: [batch, step, …].</param>
    public Tensor Pick(Tensor values) => values.index([Index(Examples, values.device), Index(Places, values.device)]).unsqueeze(1); // [example, 1, ...]

    private static Tensor Index(long[] values, Device device) => tensor(values, dtype: int64, device: device);
}
