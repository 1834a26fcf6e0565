using TorchSharp;

namespace Pyvene.Typed.Tests;

/// <summary>Counts tensors, to find those that are left behind.</summary>
internal static class LiveTensors
{
    /// <summary>How many tensors this thread has made and not disposed; <c>Tensor.TotalCount</c> also counts those of tests that run beside.</summary>
    public static long OfThisThread => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
