using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Checks the arguments of a model of pictures before they reach native code.</summary>
internal static class PictureCheck
{
    /// <summary>Checks the picture, and that nothing is given that the model would not read.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="channels">The number of channels of a picture.</param>
    /// <param name="others">The other tensors that the model reads.</param>
    /// <exception cref="ArgumentException">An argument does not fit.</exception>
    public static void Check(ModelInputs inputs, long channels, params InputField[] others)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.PixelValues is not { ndim: 4 } pixels || pixels.shape[1] != channels || pixels.numel() == 0)
        {
            var found = inputs.PixelValues is { } given ? $"has [{string.Join(", ", given.shape)}]" : "is missing";
            throw new ArgumentException(
                $"PixelValues must have the shape [batch, {channels}, height, width], at least one of each, but {found}.", nameof(inputs));
        }

        foreach (var field in InputField.All)
        {
            if (field != InputField.PixelValues && !field.IsTarget && !others.Contains(field) && inputs[field] is not null)
            {
                throw new ArgumentException($"A model of pictures takes no {field.Property}; leave it out.", nameof(inputs));
            }
        }

        if (inputs.ReturnLoss) throw new ArgumentException("A model of pictures compares no pairs; leave ReturnLoss out.", nameof(inputs));
        if (inputs.Past is not null) throw new ArgumentException("A model of pictures goes on from no state; leave Past out.", nameof(inputs));
    }

    /// <summary>Checks that the model has embeddings for the places of a picture's patches, or can stretch those that it has.</summary>
    /// <param name="inputs">The arguments, checked but for that.</param>
    /// <param name="size">How many pixels the pictures that it was trained on are wide and high.</param>
    /// <param name="patch">How many pixels a patch is wide and high.</param>
    /// <exception cref="ArgumentException">The picture has another size, or not one patch.</exception>
    public static void CheckSize(ModelInputs inputs, long size, long patch)
    {
        var (height, width) = (inputs.PixelValues!.shape[2], inputs.PixelValues.shape[3]);
        if (inputs.InterpolatesPositions ? height < patch || width < patch : height != size || width != size)
        {
            throw new ArgumentException(
                inputs.InterpolatesPositions
                    ? $"PixelValues must be at least one patch, {patch} × {patch}, but are {height} × {width}."
                    : $"PixelValues must be {size} × {size}, which the model has embeddings of positions for, but are {height} × {width}. Resize the pictures, "
                        + "or set InterpolatesPositions, which stretches the embeddings.",
                nameof(inputs));
        }
    }
}
