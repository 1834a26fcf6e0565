namespace Pyvene.Typed.Errors;

/// <summary>
/// Is raised when a causal model is not one (a cycle, an unknown name, a missing function), or is asked for what it does not have: a value outside a domain, a
/// setting that no input brings about.
/// </summary>
public sealed class CausalModelException : PyveneException
{
    /// <summary>Initialises the error.</summary>
    /// <param name="variable">The variable that is at fault; <see langword="null"/> when it is the model as a whole.</param>
    /// <param name="message">What is wrong, what was expected, what was found and what to do.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public CausalModelException(string? variable, string message, Exception? innerException = null)
        : base(message, innerException) => Variable = variable;

    /// <summary>Gets the variable that is at fault.</summary>
    /// <value>A name; <see langword="null"/> when it is the model as a whole.</value>
    public string? Variable { get; }
}
