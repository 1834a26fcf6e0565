using System.Collections.Immutable;
using System.Text.Json;
using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Makes the module of an intervention that learns from the fields of a case.</summary>
internal static class ModuleReader
{
    /// <summary>Makes it with random weights, on the device of the cases.</summary>
    /// <param name="fields">The case, or an entry of <c>interventions</c>: <c>type</c> and the sizes beside the width.</param>
    /// <param name="width">The width that it takes.</param>
    /// <exception cref="UnsupportedCaseException">The library has no such type.</exception>
    public static InterventionModule Read(JsonElement fields, int width) => Make(fields, width).to(GoldenDevice.Current);

    private static InterventionModule Make(JsonElement fields, int width) => fields.GetProperty("type").GetString() switch
    {
        "rotated_space" or "rotated" => new RotatedSpace(width) { Dimensions = Dimensions(fields) },
        "low_rank_rotated_space" or "low_rank" => new LowRankRotatedSpace(width, Size(fields, "low_rank_dimension")) { Dimensions = Dimensions(fields) },
        "boundless_rotated_space" or "boundless" => new BoundlessRotatedSpace(width),
        "sigmoid_mask" => new SigmoidMask(width),
        "sigmoid_mask_rotated_space" or "sigmoid_mask_rotated" => new SigmoidMaskRotatedSpace(width),
        "pca_rotated_space" => new PcaRotatedSpace(width, Size(fields, "low_rank_dimension")),
        "autoencoder" => new Autoencoder(width, Size(fields, "latent_dim")) { Dimensions = Dimensions(fields) },
        "jump_relu_autoencoder" or "jump_relu" => new JumpReluAutoencoder(width, Size(fields, "low_rank_dimension")),
        var type => throw new UnsupportedCaseException($"the intervention type '{type}' is not supported yet"),
    };

    private static int Size(JsonElement fields, string name) => fields.GetProperty(name).GetInt32();

    private static ImmutableArray<int>? Dimensions(JsonElement fields) =>
        !fields.TryGetProperty("interchange_dim", out var given) ? null : given.ValueKind switch
        {
            JsonValueKind.Number => [.. Enumerable.Range(0, given.GetInt32())],
            JsonValueKind.Array => [.. given.EnumerateArray().Select(dimension => dimension.GetInt32())],
            _ => null,
        };
}
