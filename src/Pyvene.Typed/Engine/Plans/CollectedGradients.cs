using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Computes gradients of a scalar with respect to collected values.</summary>
internal static class CollectedGradients
{
    /// <summary>
    /// Goes backward once and returns the gradients, each of the shape of its whole; the caller disposes them. No other tensor's <c>grad</c> is touched, and
    /// the graph stays for a further call.
    /// </summary>
    /// <param name="score">The scalar.</param>
    /// <param name="values">The collected values.</param>
    /// <param name="cleanMark">What all outputs of the clean run depend on, or null.</param>
    /// <param name="ownMark">What all outputs of the run itself depend on, or null.</param>
    /// <exception cref="InvalidOperationException">There is no gradient.</exception>
    public static IReadOnlyList<Tensor> Of(Tensor score, IReadOnlyList<CollectedValue> values, Tensor? cleanMark, Tensor? ownMark)
    {
        // What TorchSharp's autograd.grad refuses ends the process; backward throws. It is asked only what it can answer all the same.
        Check(score, values);
        var pieces = values.SelectMany(value => value.Pieces).Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>().ToArray();
        Tensor[] inputs = [.. pieces, .. ((Tensor?[])[cleanMark, ownMark]).OfType<Tensor>()];
        foreach (var piece in inputs.Where(piece => !piece.is_leaf)) piece.retain_grad(); // backward does it too; libtorch warns of a grad read before

        var before = inputs.Select(piece => piece.grad).ToArray();
        try
        {
            foreach (var input in inputs)
            {
                input.grad = null;
            }

            score.backward(retain_graph: true, inputs: inputs);
            using var scope = NewDisposeScope();

            // Where the clean run shares its batch with this one, its rows give zeros; by itself it gives nothing. Neither is an answer.
            if (cleanMark?.grad is not null && ownMark?.grad is null && values.FirstOrDefault(value => value.Pieces.All(IsUntouched)) is { } clean)
            {
                throw new InvalidOperationException($"The score is computed from the clean run, which does not go through what {clean.Place} collected. "
                    + "Compute it from the outputs of the intervened run, such as Logits instead of CleanLogits.");
            }

            return [.. values.Select(value =>
                value.Slot.Together([.. value.Pieces.Select(piece => piece.grad ?? throw Unreachable(value))]).MoveToOuterDisposeScope())];
        }
        finally
        {
            foreach (var (input, gradient) in inputs.Zip(before))
            {
                input.grad = gradient;
            }
        }
    }

    private static void Check(Tensor score, IReadOnlyList<CollectedValue> values)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (score.IsInvalid)
        {
            throw new ArgumentException(
                "The score was disposed, by itself or at the end of its dispose scope. Compute it outside of the scope, or move it out with "
                    + "MoveToOuterDisposeScope().",
                nameof(score));
        }

        if (score.numel() != 1 || !score.is_floating_point())
        {
            throw new ArgumentException(
                $"A gradient is that of one number, but the score is {score.dtype} of shape [{string.Join(", ", score.shape)}]; "
                    + (score.is_floating_point() ? "choose one element, or sum them." : "a number of a token or an index has no gradient; take a logit."),
                nameof(score));
        }

        foreach (var value in values)
        {
            if (!value.Value.is_floating_point())
            {
                throw new InvalidOperationException($"{value.Place} collected {value.Value.dtype}, which has no gradient.");
            }

            if (value.Pieces.Count == 0)
            {
                throw new InvalidOperationException(
                    $"The run recorded no gradients, so there is none for {value.Place}. Run with new RunOptions {{ Gradients = true }}.");
            }
        }

        if (!score.requires_grad)
        {
            throw new InvalidOperationException("The score depends on nothing that gradients are recorded for. Compute it from the intervened run's own "
                + "outputs, such as Logits and not CleanLogits, outside of no_grad and without detach.");
        }
    }

    private static bool IsUntouched(Tensor piece) => piece.grad is not { } gradient || gradient.count_nonzero().cpu().item<long>() == 0;

    private static InvalidOperationException Unreachable(CollectedValue value) =>
        new($"The score does not depend on what {value.Place} collected; it was computed before that, or beside it.");
}
