using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Refuses what is well-formed and this library does not have.</summary>
internal static class UnsupportedPlace
{
    /// <summary>Makes an error about something well-formed that this library does not have.</summary>
    public static TokenizerException Unsupported(this JsonPlace place, string message) => new(message, place.Origin.Name, place.Path, isUnsupported: true);
}
