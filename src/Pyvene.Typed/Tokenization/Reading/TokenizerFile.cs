using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>A file of a tokenizer: its faults are <see cref="TokenizerException"/>s.</summary>
/// <param name="path">The file.</param>
internal sealed class TokenizerFile(string path) : JsonOrigin(path)
{
    private const long LargestFile = 512L << 20;

    /// <summary>Reads a whole JSON file, whose value must be an object.</summary>
    public static JsonPlace Read(string path)
    {
        var place = JsonText.Parse(ReadBytes(path), new TokenizerFile(path));
        return place.Element.ValueKind == System.Text.Json.JsonValueKind.Object ? place : throw place.Wrong("an object");
    }

    /// <summary>Reads a file that must not be absurdly large.</summary>
    public static byte[] ReadBytes(string path) =>
        RegularFile.ReadAllBytes(path, LargestFile, (reason, cause) => new TokenizerException($"it cannot be read: {reason}", path, null, cause));

    /// <inheritdoc/>
    public override PyveneException Malformed(string message, Exception? cause = null) => new TokenizerException($"it {message}", Name, null, cause);

    /// <inheritdoc/>
    public override PyveneException Wrong(string path, string message, Exception? cause = null) =>
        new TokenizerException(message, Name, path.Length == 0 ? null : path, cause);
}
