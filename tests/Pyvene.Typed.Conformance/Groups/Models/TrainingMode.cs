using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>
/// Puts a model into training mode for one case; afterwards it is in evaluation mode with the buffers that it had, as other cases use it too.
/// </summary>
internal sealed class TrainingMode : IDisposable
{
    private readonly nn.Module _model;
    private readonly IReadOnlyList<(Tensor Buffer, Tensor Before)> _buffers = [];

    /// <summary>Enters the mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isOn">Whether the case trains; else nothing happens.</param>
    public TrainingMode(nn.Module model, bool isOn)
    {
        _model = model;
        if (!isOn) return;
        _buffers = [.. model.named_buffers().Select(item => (item.buffer, item.buffer.clone()))];
        model.train();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.eval();
        using var untracked = no_grad();
        foreach (var (buffer, before) in _buffers) buffer.copy_(before);
    }
}
