using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Is a batch of beams of one length, with their scores and where each of their tokens came from.</summary>
/// <param name="Tokens">The texts: int64 [batch, beam, position].</param>
/// <param name="Scores">The scores: float32 [batch, beam].</param>
/// <param name="Origins">For every new token the row it was chosen from, −1 where there is none: int64 [batch, beam, new position].</param>
internal sealed record BeamSet(Tensor Tokens, Tensor Scores, Tensor Origins) : IDisposable
{
    /// <summary>Returns a selection of the beams.</summary>
    /// <param name="places">The beams of every batch row: int64 [batch, beam].</param>
    public BeamSet Select(Tensor places) => new(
        Tokens.take_along_dim(places.unsqueeze(2), 1), // [batch, beam, position]
        Scores.take_along_dim(places, 1), // [batch, beam]
        Origins.take_along_dim(places.unsqueeze(2), 1)); // [batch, beam, new position]

    /// <summary>Returns the beams with one more token each.</summary>
    /// <param name="tokens">The tokens: int64 [batch, beam].</param>
    /// <param name="origins">The rows they were chosen from: int64 [batch, beam].</param>
    public BeamSet Append(Tensor tokens, Tensor origins) => this with
    {
        Tokens = cat([Tokens, tokens.unsqueeze(2)], 2), // [batch, beam, position + 1]
        Origins = cat([Origins, origins.unsqueeze(2)], 2), // [batch, beam, new position + 1]
    };

    /// <summary>Returns the beams with one more place that holds no token.</summary>
    /// <param name="fill">What stands there.</param>
    public BeamSet Fill(int fill) => Append(full_like(Scores, Scalars.Of(fill), ScalarType.Int64), full_like(Scores, Scalars.Of(-1), ScalarType.Int64));

    /// <summary>Returns these beams followed by others of the same length.</summary>
    public BeamSet Join(BeamSet others) => new(
        cat([Tokens, others.Tokens], 1), // [batch, beam, position]
        cat([Scores, others.Scores], 1), // [batch, beam]
        cat([Origins, others.Origins], 1)); // [batch, beam, new position]

    /// <summary>Takes the tensors out of their dispose scope; they are then this object's to dispose.</summary>
    public BeamSet Detach()
    {
        Tokens.DetachFromDisposeScope();
        Scores.DetachFromDisposeScope();
        Origins.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Scores.Dispose();
        Origins.Dispose();
    }
}
