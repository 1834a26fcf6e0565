using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is how far a training came.</summary>
internal sealed class TrainingProgress : IDisposable
{
    /// <summary>Gets how many batches there were.</summary>
    public long Step { get; set; }

    /// <summary>Gets how many updates there were.</summary>
    public long Update { get; set; }

    /// <summary>Gets the best accuracy of the held-out examples so far.</summary>
    public double BestAccuracy { get; set; } = -1;

    /// <summary>Gets how many evaluations did not find a better one.</summary>
    public int WithoutBetter { get; set; }

    /// <summary>Gets what every batch told.</summary>
    public List<TrainingStep> Log { get; } = [];

    /// <summary>Gets copies of the parameters with the best accuracy, by name; empty where none are kept.</summary>
    public Dictionary<string, Tensor> Best { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Best.Values)
        {
            tensor.Dispose();
        }
    }
}
