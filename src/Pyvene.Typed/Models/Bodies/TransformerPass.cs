using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass between two blocks.</summary>
internal sealed class TransformerPass : BlockwisePass
{
    /// <summary>Initialises the state before block 0.</summary>
    public TransformerPass(ModelInputs inputs, Tensor hidden, AttentionContext attention)
        : base(inputs, hidden)
    {
        Attention = attention;
        HiddenStates = inputs.OutputHiddenStates ? [] : null;
    }

    /// <summary>Gets what the attention of all blocks shares.</summary>
    public AttentionContext Attention { get; }

    /// <summary>Gets the residual stream before every block so far, each [row, position, dModel]; <see langword="null"/> when it is not wanted.</summary>
    public List<Tensor>? HiddenStates { get; }

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        Inputs = Inputs.SelectRows(rows);
        Hidden = Hidden.Rows(rows); // [new row, position, dModel]
        Attention.SelectRows(rows);
        for (var block = 0; block < HiddenStates?.Count; block++)
        {
            HiddenStates[block] = HiddenStates[block].Rows(rows); // [new row, position, dModel]
        }
    }

    /// <inheritdoc/>
    internal override void Keep(KeptKeys? keys) => Attention.Keeps = keys;

    /// <inheritdoc/>
    internal override void BeginBehind(KeptKeys before)
    {
        Attention.BeginBehind(before, Hidden);
        Hidden = Hidden.narrow(1, before.Length, Hidden.shape[1] - before.Length); // [row, position, dModel]
    }

    /// <inheritdoc/>
    internal override void Pack(TokenLayout layout, Tensor tokens)
    {
        using (var scope = NewDisposeScope())
        {
            Hidden = scope.HandOut(Hidden.flatten(0, 1).Rows(tokens).unsqueeze(0)); // [1, token, dModel]
        }

        Attention.Pack(layout);
    }

    /// <inheritdoc/>
    internal override void Unpack(Tensor tokens, Tensor rows)
    {
        Hidden = Hidden.squeeze(0).Rows(tokens); // [row, position, dModel]
        Inputs = Inputs.SelectRows(rows);
        Attention.Unpack();
    }
}
