using System.Text.Json.Nodes;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Adds fixed noise to the values (pyvene's <c>NoiseIntervention</c>, which draws it once; causal tracing, Meng et al. 2022).</summary>
/// <param name="Values">The noise: [1 or batch, position, width], of the shape that is written.</param>
/// <param name="Level">The factor on the noise; pyvene's default is 0.13462981581687927, three standard deviations of GPT-2 XL's embeddings.</param>
public sealed record Noise(ConstantSource Values, double Level) : SourcelessIntervention
{
    /// <inheritdoc/>
    public override string Type => "noise";

    /// <inheritdoc/>
    public override bool MayChangeNothing => Level == 0 || Values.Values.All(value => value == 0);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        if (!Values.Shape.Reverse().Zip(@base.shape.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second) || Values.Shape.Length > @base.ndim)
        {
            throw new InterventionException(
                "parameters",
                $"The noise has shape [{string.Join(", ", Values.Shape)}], but the values at its place [{string.Join(", ", @base.shape)}]; "
                    + "give one vector, or as many as are written.");
        }

        using var noise = tensor([.. Values.Values], [.. Values.Shape], dtype: float32);
        using var scaled = noise.to(@base.dtype).to(@base.device) * Scalars.Of(Level);
        return @base.add(scaled, Scalars.Of(1));
    }

    /// <inheritdoc/>
    internal override (string Field, string Fact)? ProblemWith(long? positions, long? width) =>
        !double.IsFinite(Level) || Values.Values.Any(value => !float.IsFinite(value)) ? ("parameters", "the noise, or its level, is NaN or infinite; every "
            + "value must be a finite number.")
        : width is { } values && Values.Shape[^1] != 1 && Values.Shape[^1] != values ? ("parameters", $"the noise is {Values.Shape[^1]} wide, but the values "
            + $"at its place {values}.")
        : positions is { } written && Values.Shape.Length > 1 && Values.Shape[^2] != 1 && Values.Shape[^2] != written
            ? ("positions", $"the noise has {Values.Shape[^2]} positions, but {written} are written in the base; they must be equal, or the noise one vector.")
        : null;

    /// <inheritdoc/>
    public override JsonObject ToParameters() => new()
    {
        ["level"] = Level,
        ["shape"] = new JsonArray([.. Values.Shape.Select(length => JsonValue.Create(length))]),
        ["values"] = new JsonArray([.. Values.Values.Select(value => JsonValue.Create(value))]),
    };
}
