using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is a convolution over frames with a bias, padded so that a stride of 1 keeps the length. TorchSharp's own fills its weight with random numbers first.
/// </summary>
internal sealed class Conv1d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [out, in, kernel]
    private readonly Parameter bias; // [out]
    private readonly long stride;

    public Conv1d(long inputs, long outputs, long kernel, long stride, Weights weights)
        : base(nameof(Conv1d))
    {
        this.stride = stride;
        weight = weights.Unfilled(outputs, inputs, kernel);
        bias = weights.Unfilled(outputs);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, frame] to [batch, out, frame / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        var padding = weight.shape[^1] / 2;
        return Convolving.NeedsProduct(input, weight)
            ? AsProduct(input, padding)
            : nn.functional.conv1d(input, weight, bias, stride: stride, padding: padding);
    }

    private Tensor AsProduct(Tensor input, long padding)
    {
        using var scope = NewDisposeScope();
        var kernel = weight.shape[^1];
        // [batch, in · kernel, place]
        var patches = nn.functional.unfold(input.unsqueeze(2), (1, kernel), padding: (0, padding), stride: (1, stride));
        return weight.flatten(1).matmul(patches).add(bias.unsqueeze(1), Scalars.Of(1)).MoveToOuterDisposeScope(); // [batch, out, place]
    }
}
