using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Tells how a plan would run on given inputs: its passes, what they share, what is left out, and the multiply-adds of its matrices. Immutable; it prints as
/// text.
/// </summary>
/// <param name="Passes">The batches that run, in order.</param>
/// <param name="MultiplyAdds">The expected multiply-adds of the matrices of blocks and head; 0 when the model does not run block by block.</param>
/// <param name="NaiveMultiplyAdds">The same for every run by itself, from the start to the end, with logits of every position.</param>
public sealed record PlanExplanation(IReadOnlyList<PassExplanation> Passes, long MultiplyAdds, long NaiveMultiplyAdds)
{
    /// <summary>
    /// Gets how many bytes are expected to be taken at once at most, beside the weights and the results; an estimate from above, which no allocator promises.
    /// </summary>
    public long ExpectedBytes { get; init; }

    /// <summary>
    /// Gets how many bytes the plan tried to stay within by making more and smaller passes; <see langword="null"/> where memory is no limit, as in a single
    /// run. Where even one run of a pass takes more, <see cref="ExpectedBytes"/> is above it.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var index = 0; index < (Passes?.Count ?? 0); index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"pass {index}\n");
            foreach (var run in Passes![index].Runs)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {run}\n");
            }
        }

        if (MemoryBudget is { } budget)
        {
            text.Append(CultureInfo.InvariantCulture, $"at most {ExpectedBytes / 1e6:N0} MB at once, of a budget of {budget / 1e6:N0} MB\n");
        }

        return NaiveMultiplyAdds == 0
            ? text.ToString()
            : text.Append(
                CultureInfo.InvariantCulture,
                $"{MultiplyAdds:N0} multiply-adds, {(double)MultiplyAdds / NaiveMultiplyAdds:P0} of {NaiveMultiplyAdds:N0} without sharing\n").ToString();
    }
}

/// <summary>Is one batch of a plan.</summary>
/// <param name="Runs">The runs that share it.</param>
public sealed record PassExplanation(IReadOnlyList<RunExplanation> Runs);

/// <summary>Is one run inside a batch.</summary>
/// <param name="Role">What it is: <c>base</c>, <c>clean base</c>, <c>source 0</c>.</param>
/// <param name="Rows">The number of examples.</param>
/// <param name="FirstBlock">
/// The first block that is computed for it; before, it is the clean run. <see langword="null"/> when the model runs as a whole.
/// </param>
/// <param name="LastBlock">The last block that is computed for it. <see langword="null"/> when the model runs as a whole.</param>
/// <param name="FirstPosition">The first position that its blocks compute, counted from the left edge; those before are the clean run's.</param>
/// <param name="Positions">How many positions an example its blocks compute.</param>
/// <param name="LogitsPositions">The number of positions an example whose logits are computed.</param>
public sealed record RunExplanation(string Role, long Rows, int? FirstBlock, int? LastBlock, long FirstPosition, long Positions, long LogitsPositions)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Role} ({Rows} {(Rows == 1 ? "example" : "examples")}): {Blocks}{(FirstBlock > 0 || FirstPosition > 0 ? ", starting from the clean run" : "")}, "
            + $"logits of {LogitsPositions} positions");

    private string Blocks => FirstBlock is null ? "the whole model"
        : LastBlock < FirstBlock ? "no block"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"blocks {FirstBlock} to {LastBlock} of "
                + $"{(Positions == 1 ? $"position {FirstPosition}" : $"positions {FirstPosition} to {FirstPosition + Positions - 1}")}");
}
