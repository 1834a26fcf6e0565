using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Checkpoints;

/// <summary>A JSON text of a checkpoint or of a hub: its faults are <see cref="CheckpointException"/>s.</summary>
/// <param name="path">The file, or the name on the hub.</param>
/// <param name="text">What the text is, such as <c>The header</c>.</param>
internal sealed class CheckpointJson(string path, string text) : JsonOrigin(path)
{
    /// <inheritdoc/>
    public override bool IsWrittenByPython => true;

    /// <inheritdoc/>
    public override PyveneException Malformed(string message, Exception? cause = null) => new CheckpointException(Name, $"{text} {message}.", cause);

    /// <inheritdoc/>
    public override PyveneException Wrong(string path, string message, Exception? cause = null) =>
        new CheckpointException(Name, $"{(path.Length == 0 ? text : $"'{path}'")} {message}.", cause);
}
