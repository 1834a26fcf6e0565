using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass over texts between two blocks.</summary>
internal abstract class TextPass : BlockwisePass
{
    private protected TextPass(ModelInputs inputs, Tensor hidden)
        : base(inputs, hidden)
    {
        HiddenStates = inputs.OutputHiddenStates ? [] : null;
    }

    /// <summary>Gets the residual stream at every block so far, each [row, position, dModel]; <see langword="null"/> when it is not wanted.</summary>
    public List<Tensor>? HiddenStates { get; }

    /// <summary>Gets the attention weights so far, block by block; <see langword="null"/> when they are not wanted, or there is no attention.</summary>
    public virtual IReadOnlyList<Tensor>? Attentions => null;

    /// <summary>Gets the routers' scores so far, block by block; <see langword="null"/> when they are not wanted, or there are no experts.</summary>
    public virtual IReadOnlyList<Tensor>? RouterScores => null;

    /// <summary>Gets what the end of the pass made that the model returns by name.</summary>
    public Dictionary<string, Tensor> Named { get; } = [];

    /// <summary>Gets what a next call goes on from, or <see langword="null"/>.</summary>
    public abstract ModelState? Kept { get; }

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        Inputs = Inputs.SelectRows(rows);
        Hidden = Hidden.Rows(rows); // [new row, position, dModel]
        for (var block = 0; block < HiddenStates?.Count; block++)
        {
            HiddenStates[block] = HiddenStates[block].Rows(rows); // [new row, position, dModel]
        }
    }
}
