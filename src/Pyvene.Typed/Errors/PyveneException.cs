namespace Pyvene.Typed.Errors;

/// <summary>The base of every exception that this library defines: what was wrong, where, what was expected, and what to do about it.</summary>
/// <remarks>Each kind is sealed and carries the facts of its message as typed properties, so that a program never has to read the text.</remarks>
public abstract class PyveneException : Exception
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">One clear text: what, where, expected, actual, what to do.</param>
    private protected PyveneException(string message) : base(Excerpt.Whole(message ?? ""))
    {
    }

    /// <summary>Creates the exception with its message and the failure behind it.</summary>
    /// <param name="message">One clear text: what, where, expected, actual, what to do.</param>
    /// <param name="innerException">The failure that led here.</param>
    private protected PyveneException(string message, Exception? innerException) : base(Excerpt.Whole(message ?? ""), innerException)
    {
    }
}
