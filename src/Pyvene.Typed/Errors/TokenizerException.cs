namespace Pyvene.Typed.Errors;

/// <summary>A tokenizer's files are malformed or ask for something that this library does not have, or a text cannot be tokenized as asked.</summary>
public sealed class TokenizerException : PyveneException
{
    internal TokenizerException(string message, string? file = null, string? place = null, Exception? innerException = null, bool isUnsupported = false)
        : base(Compose(message, file, place), innerException)
    {
        IsUnsupported = isUnsupported;
        File = file;
        Place = place;
    }

    /// <summary>Gets the file that the error is in.</summary>
    /// <value>A path; null when the error is not in a file.</value>
    public string? File { get; }

    /// <summary>Gets the place in the file.</summary>
    /// <value>A JSON path such as <c>model.merges[7]</c>, or a line; null when the whole file is meant.</value>
    public string? Place { get; }

    /// <summary>Gets whether the file is well-formed, and asks for something that this library does not have.</summary>
    public bool IsUnsupported { get; }

    private static string Compose(string message, string? file, string? place) =>
        file is null ? message
        : place is null ? $"Tokenizer file '{file}': {message}"
        : $"Tokenizer file '{file}', {place}: {message}";
}
