namespace Pyvene.Typed.Errors;

/// <summary>
/// Is raised when a checkpoint cannot be read: a file is missing, truncated or malformed, belongs to another architecture, or a tensor is missing or of the
/// wrong shape.
/// </summary>
public sealed class CheckpointException : PyveneException
{
    /// <summary>Initialises the error.</summary>
    /// <param name="path">The file or folder that is at fault.</param>
    /// <param name="message">What is wrong, what was expected and what to do.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public CheckpointException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message}", innerException)
    {
        Path = path;
    }

    /// <summary>Gets the file or folder that is at fault.</summary>
    public string Path { get; }

    /// <summary>Gets whether the file is well-formed, and asks for something that this library does not have.</summary>
    public bool IsUnsupported { get; init; }
}
