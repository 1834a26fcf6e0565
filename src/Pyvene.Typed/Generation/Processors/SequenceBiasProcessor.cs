using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Adds a bias to the last token of a sequence wherever the rest of the sequence has just been written.</summary>
/// <remarks>
/// Reproduces <c>SequenceBiasLogitsProcessor</c> of transformers 4.57.6: a sequence longer than the text so far is not looked at, and of two entries for one
/// sequence the last counts.
/// </remarks>
internal sealed class SequenceBiasProcessor : LogitsProcessor
{
    private readonly SequenceBiasGroup[] groups;

    /// <summary>Initialises the processor.</summary>
    /// <param name="biases">The sequences, at least one, each with at least one token, and their biases; negative infinity forbids a sequence.</param>
    /// <exception cref="ArgumentException">There is no sequence, one is empty, a token is negative, or a bias is not a number.</exception>
    public SequenceBiasProcessor(IReadOnlyList<SequenceBias> biases)
    {
        ArgumentNullException.ThrowIfNull(biases);
        if (biases.Count == 0) throw new ArgumentException("A bias needs at least one sequence.", nameof(biases));
        groups = [.. biases
            .GroupBy(bias => string.Join(' ', bias.TokenIds)).Select(same => same.Last())
            .GroupBy(bias => bias.TokenIds.Count).Select(alike => new SequenceBiasGroup([.. alike]))];
    }

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores)
    {
        var total = zeros_like(scores); // [row, vocab]
        foreach (var group in groups)
        {
            if (group.Length == 1 || group.Length <= tokens.shape[1]) total = group.AddTo(total, tokens);
        }

        return scores.add(total, Scalars.Of(1));
    }
}
