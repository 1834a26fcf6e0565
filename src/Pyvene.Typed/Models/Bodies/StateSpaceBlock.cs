using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a block of a state space model: it adds to the residual stream what its mixer makes of it behind a norm.</summary>
internal sealed class StateSpaceBlock : nn.Module<Tensor, StateSpacePass, Tensor>
{
    private readonly RmsNorm norm;
    private readonly nn.Module<Tensor, StateSpacePass, Tensor> mixer;
    private readonly bool addsWide;

    public StateSpaceBlock(StateSpaceArchitecture architecture, ModelConfig config, int layer, Weights weights)
        : base(architecture.ClassPrefix + "Block")
    {
        norm = new RmsNorm(config.Size("hidden_size"), config.Number("layer_norm_epsilon"), weights);
        mixer = architecture.CreateMixer(config, layer, weights);
        addsWide = config.Flag("residual_in_fp32");
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, StateSpacePass pass)
    {
        using var scope = NewDisposeScope();
        var made = mixer.call(norm.call(hidden.to(norm.Dtype)), pass); // [row, position, dModel]
        return scope.HandOut((addsWide ? hidden.Wide() : hidden).add(made, Scalars.Of(1)));
    }
}
