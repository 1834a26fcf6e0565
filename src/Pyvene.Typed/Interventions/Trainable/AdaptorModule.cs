using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is the base of adaptors of your own that learn: they compute what a module returns anew from it and from the module's input in the same run, as LoRA does.
/// </summary>
/// <remarks>They act at the output of a module, or at a part of it, and not at heads.</remarks>
public abstract class AdaptorModule : SourcelessModule
{
    /// <summary>Initialises the base.</summary>
    /// <param name="type">The name that configurations use.</param>
    /// <param name="width">How wide the values at the place are, at least 1; the input has a width of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 1 or above 2³⁰.</exception>
    protected AdaptorModule(string type, int width)
        : base(type, width)
    {
    }

    /// <summary>Computes the new values.</summary>
    /// <param name="output">The values at the place, in the parameters' dtype; they must not be written into: [batch, …, width].</param>
    /// <param name="input">The module's first argument at the same positions, in the same dtype: [batch, …, its own width].</param>
    /// <returns>[batch, …, width], in the current dispose scope.</returns>
    protected abstract Tensor Adapt(Tensor output, Tensor input);

    /// <inheritdoc/>
    protected sealed override Tensor Replace(Tensor @base, Tensor? chosen) =>
        throw new InvalidOperationException($"'{Type}' computes with its module's input, which is not given here.");

    private protected sealed override Tensor ReplaceWith(Tensor @base, Tensor? input, Tensor? chosen) => Adapt(@base, input!);

    private protected sealed override bool Takes(Tensor @base, Tensor? source) =>
        source is not null && source.ndim == @base.ndim && source.shape[..^1].SequenceEqual(@base.shape[..^1]);
}
