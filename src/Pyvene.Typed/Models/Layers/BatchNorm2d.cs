using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Centres and scales every channel, by the statistics of the batch in training and by the running ones else, then applies a weight and a bias. The batch is
/// normalised with the biased variance, the running variance takes the unbiased one.
/// </summary>
internal sealed class BatchNorm2d : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    private readonly Parameter weight; // [channel]
    private readonly Parameter bias; // [channel]
    private readonly Tensor running_mean; // [channel]
    private readonly Tensor running_var; // [channel]
    private readonly Tensor num_batches_tracked; // int64 []

    public BatchNorm2d(long channels, Weights weights)
        : base(nameof(BatchNorm2d))
    {
        weight = weights.Unfilled(channels);
        bias = weights.Unfilled(channels);
        running_mean = zeros([channels], weights.Dtype, weights.Device).DetachFromDisposeScope();
        running_var = ones([channels], weights.Dtype, weights.Device).DetachFromDisposeScope();
        num_batches_tracked = zeros([], ScalarType.Int64, weights.Device).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>Maps [batch, channel, height, width] to the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        if (training)
        {
            using var untracked = no_grad();
            num_batches_tracked.add_(Scalars.Of(1), Scalars.Of(1));
        }

        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training, Momentum, Epsilon);
    }
}
