using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Mlp;

/// <summary>Is a forward pass of the MLP between two blocks.</summary>
internal sealed class MLPPass(ModelInputs inputs, Tensor hidden) : BlockwisePass(inputs, hidden)
{
    /// <summary>Gets the input of every block so far, or null when they are not asked for.</summary>
    public List<Tensor>? HiddenStates { get; } = inputs.OutputHiddenStates ? [] : null;

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        Inputs = Inputs.SelectRows(rows);
        Hidden = Hidden.Rows(rows);
        for (var index = 0; index < HiddenStates?.Count; index++)
        {
            HiddenStates[index] = HiddenStates[index].Rows(rows);
        }
    }
}
