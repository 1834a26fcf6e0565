using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Lists the words for axes whose size depends on the input; every other axis is a size.</summary>
internal static class Axes
{
    /// <summary>The axis of the tokens that a model reads; of a model with an encoder, those of the encoder.</summary>
    public const string Position = "position";

    /// <summary>The axis of the tokens of a decoder that has an encoder before it.</summary>
    public const string DecoderPosition = "decoderPosition";

    /// <summary>The axis of the patches of a picture, and of a class token before them.</summary>
    public const string Patch = "patch";

    /// <summary>Gets the words.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "batch", Position, DecoderPosition, Patch, "frame", "step", "head", "kvHead", "query", "key", "channel", "height", "width", "feature", "image",
        "tile", "call", "sense", "label",
    ];

    /// <summary>Returns whether places are counted along an axis: tokens, or patches and frames, which no input but the tensor itself counts.</summary>
    /// <param name="name">The axis.</param>
    public static bool IsPosition(string name) => name is Position or DecoderPosition or Patch or "frame";

    /// <summary>
    /// Returns whether an axis is one of heads, or of units like them, of which a place chooses some: query heads, key/value heads where several query heads
    /// share one, senses.
    /// </summary>
    /// <param name="name">The axis.</param>
    public static bool IsHead(string name) => HeadKind.Of(name) is not null;

    /// <summary>Returns whether a name is a word for an axis.</summary>
    /// <param name="name">The name.</param>
    public static bool IsWord(string name) => Words.Contains(name);
}
