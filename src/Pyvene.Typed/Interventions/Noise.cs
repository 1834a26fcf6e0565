using System.Text.Json.Nodes;
using Pyvene.Typed.Configuration;
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
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        using var noise = tensor([.. Values.Values], [.. Values.Shape], dtype: float32);
        using var scaled = noise.to(@base.dtype).to(@base.device) * Level;
        return @base + scaled;
    }

    /// <inheritdoc/>
    internal override string? ProblemWith(long positions) => Values.Shape.Length > 1 && Values.Shape[^2] != 1 && Values.Shape[^2] != positions
        ? $"the noise has {Values.Shape[^2]} positions, but {positions} are written in the base; they must be equal, or the noise one vector."
        : null;

    /// <inheritdoc/>
    public override JsonObject ToParameters() => new()
    {
        ["level"] = Level,
        ["shape"] = new JsonArray([.. Values.Shape.Select(length => JsonValue.Create(length))]),
        ["values"] = new JsonArray([.. Values.Values.Select(value => JsonValue.Create(value))]),
    };
}
