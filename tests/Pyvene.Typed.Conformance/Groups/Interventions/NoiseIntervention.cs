using System.Text.Json;
using Pyvene.Typed.Configuration;
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

    /// <summary>Checks that a location names as many positions as the noise has.</summary>
    /// <exception cref="CaseFieldException">It names another number.</exception>
    public void CheckUnits(JsonElement location, int index)
    {
        var field = $"locations[{index}].base";
        var rows = location.GetProperty("base");
        if (rows.ValueKind is JsonValueKind.Array && IndexTable.Read(rows, field).FirstOrDefault(row => row.Length != Noise.Shape[1]) is { } row)
            throw new CaseFieldException(field, $"the noise has {Noise.Shape[1]} positions, found {row.Length}");
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features)
    {
        var noise = tensor([.. Noise.Values], [.. Noise.Shape], dtype: float32).to(@base.dtype, @base.device); // [1, position, width]
        return @base + noise * Level;
    }
}
