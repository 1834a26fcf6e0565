using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is the wide half of BERT's MLP.</summary>
internal sealed class BertIntermediate : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly nn.Module<Tensor, Tensor> intermediate_act_fn;

    public BertIntermediate(BertSettings settings, Device device)
        : base(nameof(BertIntermediate))
    {
        dense = new Linear(settings.Width, settings.InnerWidth, hasBias: true, device);
        intermediate_act_fn = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the residual stream [row, position, dModel] to the MLP's hidden values [row, position, dMlp].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(intermediate_act_fn.call(dense.call(hidden))); // [row, position, dMlp]
    }
}
