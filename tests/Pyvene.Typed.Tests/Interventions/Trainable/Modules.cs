using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>Makes modules of every type in float64, with weights that are not special.</summary>
internal static class Modules
{
    public static string[] Names { get; } = ["rotated", "low_rank", "boundless", "sigmoid_mask", "sigmoid_mask_rotated", "pca", "autoencoder", "jump_relu"];

    public static TheoryData<string> Types => [.. Names];

    /// <summary>Makes a module that is 6 wide.</summary>
    public static InterventionModule Of(string type)
    {
        random.manual_seed(7);
        InterventionModule module = type switch
        {
            "rotated" => new RotatedSpace(6),
            "low_rank" => new LowRankRotatedSpace(6, 3),
            "boundless" => new BoundlessRotatedSpace(6),
            "sigmoid_mask" => new SigmoidMask(6),
            "sigmoid_mask_rotated" => new SigmoidMaskRotatedSpace(6),
            "pca" => new PcaRotatedSpace(6, 4),
            "autoencoder" => new Autoencoder(6, 5),
            _ => new JumpReluAutoencoder(6, 9),
        };
        module.to(float64);
        if (module is RotatingModule rotating)
        {
            rotating.AssignRotation(rotating.ComputeRotation()); // orthonormal to float64, not to the float32 that it was made in
        }

        Scatter(module);
        return module;
    }

    /// <summary>Moves every parameter away from its first value; the signs of a tall matrix are whole numbers and stay.</summary>
    public static void Scatter(InterventionModule module)
    {
        using var quiet = no_grad();
        foreach (var (name, parameter) in module.ParametersByFileName())
        {
            var noise = randn_like(parameter) * 0.3;
            parameter.copy_(name switch
            {
                "temperature" => tensor(1.7, dtype: parameter.dtype),
                _ when name.EndsWith("original", StringComparison.Ordinal) => parameter + noise.tril(-1),
                "masks" => noise,
                _ => parameter + noise,
            });
        }
    }
}
