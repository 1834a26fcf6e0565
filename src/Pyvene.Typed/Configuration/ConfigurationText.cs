using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>The text of an experiment, ours or pyvene's: its faults are <see cref="InterventionException"/>s.</summary>
/// <param name="name">The file; without one, the text is called the configuration.</param>
internal sealed class ConfigurationText(string name = "The configuration") : JsonOrigin(name)
{
    /// <inheritdoc/>
    public override bool IsWrittenByHand => true;

    /// <summary>Parses a text.</summary>
    public static JsonPlace Parse(string json) => JsonText.Parse(json, new ConfigurationText());

    /// <summary>Checks the field that says in which version a text is written.</summary>
    /// <param name="fields">The fields of the whole text.</param>
    /// <param name="current">The version that this library reads and writes.</param>
    /// <exception cref="InterventionException">There is none, or another.</exception>
    public void CheckVersion(Dictionary<string, JsonPlace> fields, int current)
    {
        var version = fields.TryGetValue("version", out var value)
            ? value.Integer()
            : throw new InterventionException("version", $"{Name} has no 'version'; this library writes version {current}.");
        if (version != current)
        {
            throw new InterventionException("version", $"{Name} has version {version}, but this library reads version {current}.");
        }
    }

    /// <inheritdoc/>
    public override PyveneException Malformed(string message, Exception? cause = null) => new InterventionException("json", $"{Name} {message}.", cause);

    /// <inheritdoc/>
    public override PyveneException Wrong(string path, string message, Exception? cause = null) =>
        new InterventionException(path, $"{(path.Length == 0 ? Name : $"'{path}'")} {message}.", cause);
}
