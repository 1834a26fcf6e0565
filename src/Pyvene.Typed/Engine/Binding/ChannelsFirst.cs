using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Tells the modules of TorchSharp whose tensors are [batch, channel, …], so that their second axis has no positions and their last no features.
/// </summary>
internal static class ChannelsFirst
{
    /// <summary>Returns whether a module reads and gives channels behind the batch.</summary>
    public static bool Is(nn.Module module) => module is Convolution or NormBase
        or MaxPool1d or MaxPool2d or MaxPool3d or AvgPool1d or AvgPool2d or AvgPool3d
        or AdaptiveAvgPool1d or AdaptiveAvgPool2d or AdaptiveAvgPool3d or AdaptiveMaxPool1d or AdaptiveMaxPool2d or AdaptiveMaxPool3d;
}
