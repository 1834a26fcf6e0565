using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>
/// Is torch.nn's <c>Conv1d</c> or <c>Conv2d</c> as a product of matrices: on some processors the gradients of libtorch's own are wrong (docs/decisions/0004).
/// </summary>
internal sealed class PlainConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [out, in / groups, kernel …]
    private readonly Parameter? bias; // [out]
    private readonly long groups;
    private readonly bool isFlat;
    private readonly (long Height, long Width) kernel;
    private readonly (long Height, long Width) stride;
    private readonly (long Height, long Width) padding;
    private readonly (long Height, long Width) dilation;

    public PlainConvolution(ModuleNode node, int axes)
        : base(nameof(PlainConvolution))
    {
        isFlat = axes == 1;
        (kernel, stride) = (Pair(node.Sizes("kernel_size", axes), 1), Pair(node.Sizes("stride", axes, 1), 1));
        (padding, dilation) = (Pair(node.Sizes("padding", axes, 0), 0), Pair(node.Sizes("dilation", axes, 1), 1));
        groups = node.Size("groups", 1);
        var outputs = node.Size("out_channels");
        weight = new Parameter(zeros([outputs, node.Size("in_channels") / groups, .. node.Sizes("kernel_size", axes)]));
        bias = node.Flag("bias", true) ? new Parameter(zeros(outputs)) : null;
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, new height, new width]; of one axis without the height.</summary>
    public override Tensor forward(Tensor input)
    {
        var picture = isFlat ? input.unsqueeze(2) : input;
        var (batch, outputs) = (picture.shape[0], weight.shape[0]);
        var patches = nn.functional.unfold(picture, kernel, dilation, padding, stride); // [batch, in · kernel, place]
        var maps = weight.reshape(groups, outputs / groups, -1); // [group, out / groups, in / groups · kernel]
        var output = maps.matmul(patches.view(batch, groups, -1, patches.shape[2])).reshape(batch, outputs, -1); // [batch, out, place]
        if (bias is not null) output = output.add(bias.unsqueeze(1), Scalars.Of(1));
        return isFlat ? output : output.view(
            batch, outputs, Places(picture.shape[2], kernel.Height, stride.Height, padding.Height, dilation.Height), -1);
    }

    private static long Places(long size, long kernel, long stride, long padding, long dilation) =>
        (size + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride + 1;

    private static (long Height, long Width) Pair(long[] sizes, long height) => sizes.Length == 1 ? (height, sizes[0]) : (sizes[0], sizes[1]);
}
