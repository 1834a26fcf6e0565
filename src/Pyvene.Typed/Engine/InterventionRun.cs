using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the result of one run of a plan. It owns its tensors: disposing it disposes them.</summary>
public sealed class InterventionRun : IDisposable
{
    private readonly LaneOutput output;
    private readonly LaneOutput? clean;

    internal InterventionRun(LaneOutput output, LaneOutput? clean, IReadOnlyList<(string? Name, Tensor Value)> collected, IReadOnlyList<EffectReceipt> receipts)
    {
        this.output = output;
        this.clean = clean;
        Receipts = receipts;
        NamedCollected = collected;
    }

    /// <summary>Gets the logits of the intervened run: [batch, position, vocab] of a language model, [batch, label] of a classifier.</summary>
    /// <exception cref="InvalidOperationException">The model has no head.</exception>
    public Tensor Logits => output.Logits ?? throw new InvalidOperationException("The model has no head, so there are no logits; see LastHiddenState.");

    /// <summary>Gets the final norm's output of the intervened run of a bare model: [batch, position, dModel]; <see langword="null"/> for one with a head.</summary>
    public Tensor? LastHiddenState => output.LastHiddenState;

    /// <summary>Gets the loss of the intervened run, a scalar; <see langword="null"/> without labels.</summary>
    public Tensor? Loss => output.Loss;

    /// <summary>Gets the logits of the clean run, of the same shape as <see cref="Logits"/>; <see langword="null"/> unless <see cref="RunOptions.WithClean"/> asked for it.</summary>
    public Tensor? CleanLogits => clean?.Logits;

    /// <summary>Gets the final norm's output of the clean run of a bare model: [batch, position, dModel]; <see langword="null"/> unless it was asked for.</summary>
    public Tensor? CleanLastHiddenState => clean?.LastHiddenState;

    /// <summary>Gets the collected values, one a collecting intervention, in the order of the configuration: [batch, unit …, width].</summary>
    public IReadOnlyList<Tensor> Collected => [.. NamedCollected.Select(item => item.Value)];

    /// <summary>Gets what every intervention did, in the order of the configuration.</summary>
    public IReadOnlyList<EffectReceipt> Receipts { get; }

    internal IReadOnlyList<(string? Name, Tensor Value)> NamedCollected { get; }

    /// <summary>Gets the values that a named collecting intervention kept: [batch, unit …, width].</summary>
    /// <param name="name">The intervention's name in the configuration.</param>
    /// <exception cref="InterventionException">No collecting intervention has this name.</exception>
    public Tensor this[string name] =>
        NamedCollected.FirstOrDefault(item => item.Name == name).Value
        ?? throw new InterventionException("name", $"No collecting intervention is named '{name}'; there are {(NamedCollected.Count == 0 ? "none" : string.Join(", ", NamedCollected.Select(item => item.Name ?? "(unnamed)")))}.");

    /// <summary>Returns the largest absolute difference between the outputs of the intervened and the clean run; null when there is no clean run or no output.</summary>
    internal double? OutputChange()
    {
        if ((output.Logits ?? output.LastHiddenState) is not { } after || (clean?.Logits ?? clean?.LastHiddenState) is not { } before)
        {
            return null;
        }

        using var quiet = no_grad();
        using var difference = after - before;
        using var largest = difference.abs().max().to(float64).cpu();
        return largest.item<double>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[output.Logits, output.LastHiddenState, output.Loss, clean?.Logits, clean?.LastHiddenState, clean?.Loss, .. Collected])
        {
            tensor?.Dispose();
        }
    }
}
