using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass between two blocks that have recurrences in place of attention.</summary>
internal sealed class StateSpacePass : TextPass
{
    private Tensor? reads; // [row, position, 1]: 1 = real, 0 = padding

    /// <summary>Initialises the state before block 0.</summary>
    public StateSpacePass(ModelInputs inputs, Tensor hidden)
        : base(inputs, hidden)
    {
        State = ModelState.Of<RecurrentState>(inputs.Past) ?? (inputs.UseCache ? new RecurrentState() : null);
        var length = hidden.shape[1];
        reads = inputs.AttentionMask?.narrow(1, inputs.AttentionMask.shape[1] - length, length).ne(Scalars.Of(0)).unsqueeze(-1).to(hidden.dtype);
    }

    /// <summary>Gets the states that the layers go on from and leave behind; <see langword="null"/> = they begin with 0, and nobody goes on.</summary>
    public RecurrentState? State { get; }

    /// <inheritdoc/>
    public override ModelState? Kept => State;

    /// <summary>Returns values with 0 at padding, so that a padded row has the states of the row alone.</summary>
    /// <param name="values">[row, position, …], three axes.</param>
    public Tensor WithoutPadding(Tensor values) => reads is null ? values : values.mul(reads);

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        base.SelectRows(rows);
        reads = reads?.Rows(rows); // [new row, position, 1]
        State?.SelectRows(rows);
    }
}
