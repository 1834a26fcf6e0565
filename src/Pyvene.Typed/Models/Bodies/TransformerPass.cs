using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass between two blocks of attention and MLP.</summary>
internal sealed class TransformerPass : TextPass
{
    /// <summary>Initialises the state before block 0.</summary>
    public TransformerPass(ModelInputs inputs, Tensor hidden, AttentionContext attention)
        : base(inputs, hidden)
    {
        Attention = attention;
    }

    /// <summary>Gets what the attention of all blocks shares.</summary>
    public AttentionContext Attention { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor>? Attentions => Attention.Weights;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor>? RouterScores => Attention.RouterScores;

    /// <inheritdoc/>
    public override ModelState? Kept => Attention.Cache;

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        base.SelectRows(rows);
        Attention.SelectRows(rows);
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
