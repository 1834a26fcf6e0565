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
    public Tensor Logits => output.Logits ?? throw new InvalidOperationException("The model has no head, so there are no logits; see Output.");

    /// <summary>Gets what the intervened run is for: the logits, else <see cref="LastHiddenState"/>, else the tensor, or the first of the tuple, that a module of your own returned: [batch, …].</summary>
    public Tensor Output => output.Main ?? throw new InvalidOperationException("The model returned no tensor.");

    /// <summary>Gets the output of the clean run, of the same shape as <see cref="Output"/>; <see langword="null"/> unless <see cref="RunOptions.WithClean"/> asked for it.</summary>
    public Tensor? CleanOutput => clean?.Main;

    /// <summary>Gets all tensors that a module of your own returned in the intervened run, in order; empty for the library's models, which name theirs.</summary>
    public IReadOnlyList<Tensor> Values => output.Values ?? [];

    /// <summary>Gets the final norm's output of the intervened run of a bare model: [batch, position, dModel]; <see langword="null"/> for one with a head.</summary>
    public Tensor? LastHiddenState => output.LastHiddenState;

    /// <summary>Gets the pooled output of the intervened run of a bare model, as <see cref="Models.ModelOutput.PoolerOutput"/>; <see langword="null"/> for one without a pooler.</summary>
    public Tensor? PoolerOutput => output.PoolerOutput;

    /// <summary>Gets the hidden states of the intervened run, as <see cref="Models.ModelOutput.HiddenStates"/>; <see langword="null"/> unless the inputs asked for them.</summary>
    public IReadOnlyList<Tensor>? HiddenStates => output.HiddenStates;

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

    /// <summary>Returns whether the outputs of the intervened and the clean run are the same up to rounding; false when there is no clean run or no output.</summary>
    internal bool IsOutputKept()
    {
        if (output.Main is not { } after || clean?.Main is not { } before || !before.is_floating_point())
        {
            return false;
        }

        using var quiet = no_grad();
        using var difference = after - before;
        using var isExceeded = Rounding.IsExceeded(before, difference).any().cpu();
        return !isExceeded.item<bool>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in output.Tensors().Concat(clean?.Tensors() ?? []).Concat(Collected))
        {
            tensor.Dispose();
        }
    }
}
