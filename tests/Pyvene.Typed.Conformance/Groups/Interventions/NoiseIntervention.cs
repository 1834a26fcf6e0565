using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Adds the recorded noise of a <c>noise</c> case.</summary>
/// <param name="Noise">The noise: [1, position, width], for every example the same.</param>
/// <param name="Level">What it is multiplied by.</param>
internal sealed record NoiseIntervention(ConstantSource Noise, double Level) : Intervention
{
    /// <inheritdoc/>
    public override string Type => "noise";

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        if (!@base.shape.AsSpan(1).SequenceEqual(Noise.Shape.AsSpan()[1..]))
            throw new InterventionException("positions", $"The noise has shape [{string.Join(", ", Noise.Shape)}], but the place has shape [{string.Join(", ", @base.shape)}].");
        var noise = tensor([.. Noise.Values], [.. Noise.Shape], dtype: float32).to(@base.dtype, @base.device); // [1, position, width]
        return @base + noise * Level;
    }
}
