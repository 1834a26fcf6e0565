using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

/// <summary>Writes an intervention that learns as pyvene keeps it: sizes in the configuration, tensors in a file.</summary>
/// <param name="module">The intervention's module.</param>
/// <param name="index">The intervention's place in the configuration.</param>
internal sealed class PyveneLearned(InterventionModule module, int index)
{
    private const string DimensionsName = "interchange_dim";

    /// <summary>Returns the entry with the sizes from which pyvene makes the same module.</summary>
    /// <param name="entry">The entry without them.</param>
    /// <param name="width">The width of its place; <see langword="null"/> when it is not known.</param>
    /// <exception cref="InterventionException">pyvene cannot make such a module.</exception>
    public PyveneRepresentation Sized(PyveneRepresentation entry, long? width)
    {
        if (entry.HasStoredConstant)
        {
            throw Refused("constant", "has a constant, and pyvene loads no weights of an intervention that has one");
        }

        if (width is not { } place)
        {
            throw Refused("module", "learns at a module path, whose width pyvene does not know; name the component instead");
        }

        if (module.ToParameters().ContainsKey("per_unit"))
        {
            throw Refused("per_unit", $"{(module.IsPerUnit ? "treats" : "does not treat")} every unit by itself, and pyvene's class of '{module.Type}' always "
                + $"does {(module.IsPerUnit ? "not" : "so")}");
        }

        var sized = entry with
        {
            MaxUnits = module.IsPerUnit ? 1 : checked((int)(module.Width / place)),
            LowRankDimension = module is LowRankRotatedSpace or JumpReluAutoencoder ? module.SpaceWidth : null,
            LatentDimension = module is Autoencoder ? module.SpaceWidth : null,
        };
        if (module is Autoencoder autoencoder)
        {
            return sized with { Latents = autoencoder.Dimensions ?? [.. Enumerable.Range(0, autoencoder.SpaceWidth!.Value)] };
        }

        using var state = NewDisposeScope();
        var dimensions = module.CopyState()[DimensionsName];
        return dimensions.ndim == 0
            ? sized with { Dimension = checked((int)dimensions.cpu().item<long>()) }
            : throw Refused("dimensions", "replaces dimensions that are not the first ones, which pyvene takes with every call, as subspaces");
    }

    /// <summary>Returns the tensors as pyvene names them.</summary>
    /// <param name="entry">The entry with its sizes.</param>
    /// <returns>Tensors on the CPU, in no dispose scope; the caller disposes them.</returns>
    public Dictionary<string, Tensor> State(PyveneRepresentation entry)
    {
        using var scope = NewDisposeScope();
        var state = module.CopyState().ToDictionary(item => item.Key, item => item.Value.cpu(), StringComparer.Ordinal);
        if (entry.Latents.Length > 0)
        {
            state[DimensionsName] = tensor([.. entry.Latents.Select(latent => (long)latent)]); // [latent]
        }

        return state.ToDictionary(item => item.Key, item => item.Value.DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    private InterventionException Refused(string field, string problem) => new(field, $"Intervention {index} ('{module.Type}') {problem}.");
}
