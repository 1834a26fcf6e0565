namespace Pyvene.Typed.Models.Fields;

/// <summary>
/// Holds what absent fields of an architecture's configuration stand for that are no sizes, as its configuration class in transformers has it; sizes have their
/// defaults in the descriptor.
/// </summary>
internal sealed record DecoderDefaults
{
    public string Activation { get; init; } = "silu";

    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Gets whether the head is the token embedding.</summary>
    public bool TiesHead { get; init; }
}
