using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Holds the biased sequences of one length, so that all of them are matched at once.</summary>
internal sealed class SequenceBiasGroup
{
    private readonly int[] ends;
    private readonly long[] starts;
    private readonly float[] biases;

    /// <summary>Groups sequences.</summary>
    /// <param name="sequences">Sequences of one length.</param>
    public SequenceBiasGroup(IReadOnlyList<SequenceBias> sequences)
    {
        Length = sequences[0].TokenIds.Count;
        ends = [.. sequences.Select(sequence => sequence.TokenIds[^1])];
        starts = [.. sequences.SelectMany(sequence => sequence.TokenIds.SkipLast(1)).Select(id => (long)id)];
        biases = [.. sequences.Select(sequence => (float)sequence.Bias)];
    }

    /// <summary>Gets the length of the sequences.</summary>
    public int Length { get; }

    /// <summary>Adds the biases of the sequences that the text so far has come to the last token of.</summary>
    /// <param name="total">The biases so far: float [row, vocab].</param>
    /// <param name="tokens">The tokens so far, at least <see cref="Length"/> − 1 of them: int64 [row, position].</param>
    /// <returns>A fresh tensor: float [row, vocab].</returns>
    public Tensor AddTo(Tensor total, Tensor tokens)
    {
        SettingCheck.WithinVocabulary(ends, total.shape[1], nameof(SequenceBias));
        var bias = tensor(biases, device: total.device).to(total.dtype).expand(total.shape[0], -1); // [row, sequence]
        if (Length > 1)
        {
            var start = tensor(starts, device: tokens.device).view(-1, Length - 1); // [sequence, n - 1]
            var recent = tokens.narrow(1, tokens.shape[1] - start.shape[1], start.shape[1]).unsqueeze(1); // [row, 1, n - 1]
            bias = where(recent.eq(start).all(2), bias, zeros_like(bias)); // [row, sequence]
        }

        return total.index_add(1, ScoreEdits.Columns(total, ends), bias, Scalars.Of(1)); // [row, vocab]
    }
}
