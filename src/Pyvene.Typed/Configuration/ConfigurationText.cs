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

    /// <inheritdoc/>
    public override PyveneException Malformed(string message, Exception? cause = null) => new InterventionException("json", $"{Name} {message}.", cause);

    /// <inheritdoc/>
    public override PyveneException Wrong(string path, string message, Exception? cause = null) =>
        new InterventionException(path, $"{(path.Length == 0 ? Name : $"'{path}'")} {message}.", cause);
}
