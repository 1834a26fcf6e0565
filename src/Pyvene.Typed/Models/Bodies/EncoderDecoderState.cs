using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Keeps the keys and values of the positions that a decoder has seen, and those that it made of its encoder's output.</summary>
internal sealed class EncoderDecoderState : ModelState
{
    /// <summary>Gets the keys and values of the decoder's own positions.</summary>
    public KeyValueCache Own { get; } = new();

    /// <summary>Gets the keys and values of the encoder's positions.</summary>
    public KeyValueCache Crossing { get; } = new();

    /// <inheritdoc/>
    public override long Length => Own.Length;

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        Own.SelectRows(rows);
        Crossing.SelectRows(rows);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Own.Dispose();
        Crossing.Dispose();
    }
}
