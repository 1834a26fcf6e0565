using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is a generation under interventions. It owns its tensors: disposing it disposes them.</summary>
public sealed class InterventionGeneration : IDisposable
{
    internal InterventionGeneration(GenerationOutput output, IReadOnlyList<IReadOnlyList<Tensor>> collected, IReadOnlyList<EffectReceipt> receipts)
    {
        Output = output;
        Collected = collected;
        Receipts = receipts;
    }

    /// <summary>Gets the generated tokens and scores.</summary>
    public GenerationOutput Output { get; }

    /// <summary>
    /// Gets the collected values: for every collecting intervention, in the order of the configuration, one tensor a forward pass in which it acted: [row, unit
    /// …, width].
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> Collected { get; }

    /// <summary>Gets what every intervention did, in the order of the configuration.</summary>
    public IReadOnlyList<EffectReceipt> Receipts { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        foreach (var tensor in Collected.SelectMany(values => values))
        {
            tensor.Dispose();
        }
    }
}
