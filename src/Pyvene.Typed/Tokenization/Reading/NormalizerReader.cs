using Pyvene.Typed.Tokenization.Normalizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    public static Normalizer? Read(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        var type = place["type"];
        return type.String() switch
        {
            var other => throw type.Unsupported($"the normalizer '{other}' is not supported"),
        };
    }
}
