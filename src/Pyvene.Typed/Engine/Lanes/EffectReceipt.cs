using System.Globalization;

namespace Pyvene.Typed;

/// <summary>Says what one intervention did in a run: the proof that it acted.</summary>
/// <param name="Intervention">The intervention in words, such as <c>intervention 0 (interchange at mlp_output of layer 8, position ^1)</c>.</param>
/// <param name="Writes">Whether it writes at all; a collecting one only looks.</param>
/// <param name="IsSkipped">Whether it did nothing because its source was left out on purpose.</param>
/// <param name="Fired">How often it acted.</param>
/// <param name="Elements">How many elements of real tokens it acted on; padding does not count.</param>
/// <param name="ChangedElements">How many of them have another value than before. Where the new values come from a source, rows (vectors along the last axis)
/// that differ by no more than rounding are not counted: the same value computed in two lanes may differ in its last bits.</param>
/// <param name="LargestChange">The largest absolute difference that it made.</param>
/// <param name="IsMeasured">Whether the changes could be measured; on the meta device there are no values.</param>
public sealed record EffectReceipt(
    string Intervention, bool Writes, bool IsSkipped, int Fired, long Elements, long ChangedElements, double LargestChange, bool IsMeasured)
{
    /// <summary>Gets how many elements a function or an intervention type of the program made NaN or infinite that were finite before.</summary>
    public long NotFiniteElements { get; init; }

    /// <summary>Gets whether changing nothing is no fault: it adds zeros, or learns, and may begin at zero.</summary>
    public bool MayChangeNothing { get; init; }

    /// <summary>
    /// Gets the last step of a generation that ended before any step, or prompt, for which the intervention is; <see langword="null"/> where it was reached,
    /// and outside of generations.
    /// </summary>
    public int? EndedAfter { get; init; }

    /// <summary>Gets the module that the run did not call, in words; null where the intervention was reached or skipped.</summary>
    internal string? NeverRan { get; init; }

    /// <summary>Gets whether a writing intervention that was reached and not skipped changed nothing.</summary>
    public bool IsWithoutEffect => Writes && !IsSkipped && EndedAfter is null && IsMeasured && ChangedElements == 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Intervention}: {Deed}";

    private string Deed => this switch
    {
        { IsSkipped: true } => "skipped, its source was left out",
        { EndedAfter: { } step } => string.Create(CultureInfo.InvariantCulture, $"not reached, the generation ended after step {step}"),
        { NeverRan: { } module } => $"not reached, {module} was not called",
        { Writes: false } => string.Create(CultureInfo.InvariantCulture, $"collected {Elements} elements"),
        _ => string.Create(CultureInfo.InvariantCulture, $"fired {Fired} ×, changed {ChangedElements} of {Elements} elements by up to {LargestChange:G4}")
            + (NotFiniteElements == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", made {NotFiniteElements} of them NaN or infinite")),
    };
}
