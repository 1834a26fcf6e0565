using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Decoders;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>decoder</c>.</summary>
internal static class DecoderReader
{
    public static TokenDecoder? Read(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        var type = place["type"];
        return type.String() switch
        {
            "Sequence" => new DecoderSequence([.. place["decoders"].Items().Select(step => Read(step) ?? throw step.Error("a step is null"))]),
            "ByteLevel" => new ByteLevelDecoder(),
            var other => throw type.Unsupported($"the decoder '{other}' is not supported"),
        };
    }
}
