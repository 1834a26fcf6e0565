using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models;

/// <summary>Holds the sizes of the pictures that an encoder of patches reads.</summary>
/// <param name="ChannelCount">The number of channels.</param>
/// <param name="Size">How many pixels a picture that it was trained on is wide and high.</param>
/// <param name="PatchSize">How many pixels a patch is wide and high.</param>
internal sealed record PictureSettings(long ChannelCount, long Size, long PatchSize)
{
    /// <summary>Gets the number of patches of such a picture.</summary>
    public long PatchCount => Size / PatchSize * (Size / PatchSize);

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The configuration, which its table has checked and completed.</param>
    /// <exception cref="CheckpointException">A picture has not one patch.</exception>
    public static PictureSettings Read(ModelConfig config)
    {
        var picture = new PictureSettings(config.Size("num_channels"), config.Size("image_size"), config.Size("patch_size"));
        return picture.PatchSize <= picture.Size ? picture : throw new CheckpointException(
            config.Origin, $"'patch_size' must be at most 'image_size', but is {picture.PatchSize} with pictures of {picture.Size}.");
    }
}
