using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is a generation under interventions. It owns its tensors: disposing it disposes them.</summary>
public sealed class InterventionGeneration : IDisposable
{
    private IReadOnlyList<CollectedPasses> collected;

    internal InterventionGeneration(GenerationOutput output, IReadOnlyList<CollectedPasses> collected, IReadOnlyList<EffectReceipt> receipts)
    {
        Output = output;
        this.collected = collected;
        Receipts = receipts;
    }

    /// <summary>Gets the generated tokens and scores.</summary>
    public GenerationOutput Output { get; }

    /// <summary>
    /// Gets the collected values: for every collecting intervention, in the order of the configuration, one tensor a forward pass in which it acted: [row, unit
    /// …, width].
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> Collected => [.. collected.Select(item => item.Tensors)];

    /// <summary>Gets what every intervention did, in the order of the configuration.</summary>
    public IReadOnlyList<EffectReceipt> Receipts { get; }

    /// <summary>Gets the values that a named collecting intervention kept: one tensor a forward pass in which it acted: [row, unit …, width].</summary>
    /// <param name="name">The intervention's name in the configuration.</param>
    /// <exception cref="InterventionException">No collecting intervention has this name.</exception>
    public IReadOnlyList<Tensor> this[string name] => collected.Named(name).Tensors;

    /// <summary>Hands the collected values to another owner: disposing this does not dispose them any more.</summary>
    internal IReadOnlyList<CollectedPasses> TakeCollected()
    {
        var taken = collected;
        collected = [];
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        foreach (var item in collected)
        {
            item.Dispose();
        }
    }
}
