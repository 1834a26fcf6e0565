using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Changes the scores of the next token before one is chosen: forbids tokens, penalises them, or narrows the candidates.</summary>
/// <remarks>
/// The processors of this library hold plain numbers only, so one instance can serve many generations at once; a derived class says whether it can.
/// </remarks>
public abstract class LogitsProcessor
{
    /// <summary>Returns the changed scores. Temporary tensors are disposed before it returns.</summary>
    /// <param name="tokens">The tokens so far, prompt included: int64 [row, position]. Stays the caller's.</param>
    /// <param name="scores">Logits or log-probabilities of the next token: float [row, vocab]. Never written into; stays the caller's.</param>
    /// <returns>
    /// <paramref name="scores"/> itself where nothing changes, otherwise a fresh tensor [row, vocab] that belongs to the current dispose scope.
    /// </returns>
    public Tensor Apply(Tensor tokens, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(scores);
        using var scope = NewDisposeScope();
        if (GetType().Assembly == typeof(LogitsProcessor).Assembly)
        {
            return scope.HandOut(Process(tokens, scores));
        }

        // One of the program's own gets copies, so that what it writes into them reaches nothing else.
        var changed = Process(tokens.clone(), scores.clone());
        CheckResult(scores, changed);
        return scope.HandOut(changed.to(scores.dtype));
    }

    private void CheckResult(Tensor scores, Tensor? changed)
    {
        var fact = changed is null ? "null"
            : changed.IsInvalid ? "a tensor that is disposed"
            : !changed.shape.SequenceEqual(scores.shape) || !changed.is_floating_point() ? $"{changed.dtype} of shape [{string.Join(", ", changed.shape)}]"
            : changed.device_type != scores.device_type || changed.device_index != scores.device_index ? $"a tensor on {changed.device}"
            : (changed.isnan().any() | changed.isneginf().all(-1).any()).cpu().item<bool>() ? "scores of which one is NaN, or all of a row are minus infinity"
            : null;
        if (fact is not null)
        {
            throw new InterventionException("processors", $"The logits processor {GetType().Name} returned {fact}; expected {scores.dtype} scores of shape "
                + $"[{string.Join(", ", scores.shape)}], [row, vocab], on {scores.device}.");
        }
    }

    /// <summary>Computes the changed scores inside a dispose scope of its own.</summary>
    /// <param name="tokens">The tokens so far: int64 [row, position].</param>
    /// <param name="scores">The scores: float [row, vocab]; must not be written into.</param>
    /// <returns><paramref name="scores"/> itself where nothing changes, otherwise a fresh tensor [row, vocab].</returns>
    protected abstract Tensor Process(Tensor tokens, Tensor scores);
}
