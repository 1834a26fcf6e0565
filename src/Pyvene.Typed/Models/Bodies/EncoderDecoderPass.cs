using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass through an encoder and then a decoder.</summary>
internal sealed class EncoderDecoderPass : BlockwisePass
{
    /// <summary>Initialises the state before the encoder's first block.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="hidden">The encoder's embeddings, or what it made where that is known: [row, position, dModel].</param>
    /// <param name="reading">What the attention of the encoder shares; <see langword="null"/> = it does not run.</param>
    public EncoderDecoderPass(ModelInputs inputs, Tensor hidden, AttentionContext? reading)
        : base(inputs, hidden)
    {
        Reading = reading;
        Read = inputs.OutputHiddenStates && reading is not null ? [] : null;
        Written = inputs.OutputHiddenStates ? [] : null;
    }

    /// <summary>Gets what the attention of the encoder shares; <see langword="null"/> = it does not run.</summary>
    public AttentionContext? Reading { get; }

    /// <summary>Gets or sets what the blocks of the decoder share, once the encoder has ended.</summary>
    public DecoderContext? Writing { get; set; }

    /// <summary>Gets or sets what the decoder keeps; <see langword="null"/> = nothing.</summary>
    public EncoderDecoderState? State { get; set; }

    /// <summary>Gets the residual stream before every block of the encoder, and its end; <see langword="null"/> when it is not wanted.</summary>
    public List<Tensor>? Read { get; }

    /// <summary>Gets the residual stream before every block of the decoder; <see langword="null"/> when it is not wanted.</summary>
    public List<Tensor>? Written { get; }

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        Inputs = Inputs.SelectRows(rows);
        Hidden = Hidden.Rows(rows); // [new row, position, dModel]
        Reading?.SelectRows(rows);
        Writing?.Own.SelectRows(rows);
        Writing?.Crossing.SelectRows(rows);
        if (Writing is { Memory: { } memory }) Writing.Memory = memory.Rows(rows); // [new row, position, dModel]
        foreach (var states in new[] { Read, Written }.OfType<List<Tensor>>())
        {
            for (var block = 0; block < states.Count; block++) states[block] = states[block].Rows(rows); // [new row, position, dModel]
        }
    }
}
