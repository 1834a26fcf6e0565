using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is the base of interventions of your own that learn and read no source, such as a steering vector or ReFT; an experiment with one of them takes none.
/// </summary>
/// <remarks>
/// As with every <see cref="InterventionModule"/>, keep parameters in fields, made with <c>Keep</c>, and call <c>RegisterComponents()</c> at the end of the
/// constructor. Positions are treated one by one with the same parameters unless <see cref="InterventionModule.IsPerUnit"/> is set to false.
/// </remarks>
public abstract class SourcelessModule : InterventionModule
{
    /// <summary>Initialises the base.</summary>
    /// <param name="type">The name that configurations use.</param>
    /// <param name="width">How wide the values are that it takes, at least 1.</param>
    /// <param name="spaceWidth">How many dimensions of its own space a place can choose; <see langword="null"/> = it always acts on all.</param>
    /// <param name="dimensions">What <see cref="InterventionModule.Dimensions"/> is unless it is set.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or above 2³⁰.</exception>
    protected SourcelessModule(string type, int width, int? spaceWidth = null, ImmutableArray<int>? dimensions = null)
        : base(type, width, spaceWidth, isPerUnit: true, dimensions)
    {
    }

    /// <summary>Computes the new values.</summary>
    /// <param name="base">The values at the place, in the parameters' dtype; they must not be written into: [batch, …, width].</param>
    /// <param name="chosen">Which dimensions of its own space are meant: bool [1 or batch, 1 …, space]; <see langword="null"/> = all.</param>
    /// <returns>[batch, …, width], in the current dispose scope.</returns>
    protected abstract Tensor Replace(Tensor @base, Tensor? chosen);

    /// <inheritdoc/>
    protected sealed override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped) => ReplaceWith(@base, source, swapped);

    private protected virtual Tensor ReplaceWith(Tensor @base, Tensor? input, Tensor? chosen) => Replace(@base, chosen);

    private protected override bool Takes(Tensor @base, Tensor? source) => source is null;
}
