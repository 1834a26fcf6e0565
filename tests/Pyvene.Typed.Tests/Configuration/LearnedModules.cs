using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Configuration;

/// <summary>Small modules of every type, with weights that are not those of a new one.</summary>
internal static class LearnedModules
{
    public const int Width = 24;

    public static InterventionModule Create(string type)
    {
        InterventionModule module = type switch
        {
            "rotated_space" => new RotatedSpace(Width) { Dimensions = [0, 1, 2] },
            "low_rank_rotated_space" => new LowRankRotatedSpace(Width, rank: 3),
            "boundless_rotated_space" => new BoundlessRotatedSpace(Width),
            "sigmoid_mask_rotated_space" => new SigmoidMaskRotatedSpace(Width),
            "sigmoid_mask" => new SigmoidMask(Width),
            "pca_rotated_space" => new PcaRotatedSpace(Width, components: 4),
            "autoencoder" => new Autoencoder(Width, latents: 8) { Dimensions = [1, 5] },
            "jump_relu_autoencoder" => new JumpReluAutoencoder(Width, latents: 30),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such type."),
        };
        using var quiet = no_grad();
        using var generator = new Generator(5);
        foreach (var parameter in module.parameters())
        {
            using var noise = randn(parameter.shape, generator: generator);
            parameter.add_(noise, alpha: 0.1);
        }

        return module;
    }

    /// <summary>Returns an experiment in which every module acts on a layer of its own and reads a source of its own.</summary>
    public static InterventionConfig Experiment(params InterventionModule[] modules) => new()
    {
        Architecture = "gpt2",
        Sources = modules.Length,
        Interventions = [.. modules.Select((module, index) =>
            new InterventionSpec { Intervention = module, Source = index, Site = new SiteSpec { Component = "block_output", Layer = index } })],
    };

    /// <summary>Returns what a module makes of fixed values: [batch, width].</summary>
    public static Tensor Output(InterventionModule module)
    {
        using var quiet = no_grad();
        using var generator = new Generator(6);
        return module.Apply(randn([3, Width], generator: generator), randn([3, Width], generator: generator), features: null);
    }
}
