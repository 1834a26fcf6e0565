using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Is one layer's cell of pyvene's GRU; it is called once a time step.</summary>
/// <remarks>r = σ(x_r + h_r), z = σ(x_z + h_z), n = tanh(x_n + r ⊙ h_n), h' = z ⊙ h + (1 − z) ⊙ n, with x and h mapped to the three parts in this order.</remarks>
internal sealed class GRUCell : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear x2h;
    private readonly Linear h2h;
    private readonly nn.Module<Tensor, Tensor> reset_act;
    private readonly nn.Module<Tensor, Tensor> update_act;
    private readonly nn.Module<Tensor, Tensor> new_act;

    public GRUCell(GRUConfig config, ModelConfig source, Device device)
        : base(nameof(GRUCell))
    {
        x2h = new Linear(config.Width, 3 * config.Width, config.HasBias, device);
        h2h = new Linear(config.Width, 3 * config.Width, config.HasBias, device);
        reset_act = Activations.Create("sigmoid", source);
        update_act = Activations.Create("sigmoid", source);
        new_act = Activations.Create("tanh", source);
        RegisterComponents();
    }

    /// <summary>Returns the state behind the step.</summary>
    /// <param name="input">The step's input: [row, dModel].</param>
    /// <param name="state">The state before the step: [row, dModel].</param>
    public override Tensor forward(Tensor input, Tensor state)
    {
        using var scope = NewDisposeScope();
        var x = x2h.call(input).chunk(3, -1); // 3 × [row, dModel]
        var h = h2h.call(state).chunk(3, -1); // 3 × [row, dModel]
        var reset = reset_act.call(x[0].add(h[0], Scalars.Of(1)));
        var update = update_act.call(x[1].add(h[1], Scalars.Of(1)));
        var candidate = new_act.call(x[2].add(reset.mul(h[2]), Scalars.Of(1)));
        return scope.HandOut(update.mul(state).add(update.neg().add(Scalars.Of(1), Scalars.Of(1)).mul(candidate), Scalars.Of(1))); // [row, dModel]
    }
}
