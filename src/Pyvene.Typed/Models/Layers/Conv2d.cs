using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is a convolution over pictures, by default without bias and padded so that a stride of 1 keeps the size. TorchSharp's own fills its weight with random
/// numbers first.
/// </summary>
internal sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [out, in, kernel, kernel]
    private readonly Parameter? bias; // [out]
    private readonly long stride;
    private readonly long padding;

    public Conv2d(long inputs, long outputs, long kernel, long stride, Weights weights, long? padding = null, bool hasBias = false)
        : base(nameof(Conv2d))
    {
        (this.stride, this.padding) = (stride, padding ?? kernel / 2);
        weight = weights.Unfilled(outputs, inputs, kernel, kernel);
        bias = hasBias ? weights.Unfilled(outputs) : null;
        RegisterComponents();
    }

    /// <summary>Returns the convolution that maps every patch of a picture to a vector; patches do not overlap.</summary>
    public static Conv2d OfPatches(long channels, long outputs, long size, Weights weights, bool hasBias) =>
        new(channels, outputs, size, size, weights, padding: 0, hasBias);

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input) =>
        Convolving.NeedsProduct(input, weight)
            ? AsProduct(input)
            : nn.functional.conv2d(input, weight, bias, strides: [stride, stride], padding: [padding, padding]);

    private Tensor AsProduct(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kernel = weight.shape[^1];
        // [batch, in · kernel · kernel, place]
        var patches = nn.functional.unfold(input, (kernel, kernel), padding: (padding, padding), stride: (stride, stride));
        var output = weight.flatten(1).matmul(patches); // [batch, out, place]
        output = bias is null ? output : output.add(bias.unsqueeze(1), Scalars.Of(1)); // [batch, out, place]
        return output.view(input.shape[0], weight.shape[0], Places(input.shape[2]), Places(input.shape[3])).MoveToOuterDisposeScope();

        long Places(long size) => (size + (2 * padding) - kernel) / stride + 1;
    }
}
