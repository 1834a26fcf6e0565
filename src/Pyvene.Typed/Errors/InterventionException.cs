namespace Pyvene.Typed.Errors;

/// <summary>
/// Is raised when an experiment does not fit the model or the inputs that it is bound to or run on; nothing has run when it is raised at bind.
/// </summary>
public sealed class InterventionException : PyveneException
{
    /// <summary>Initialises the error.</summary>
    /// <param name="field">The field of the configuration or the argument that is at fault, such as <c>layer</c>, <c>positions</c> or <c>sources</c>.</param>
    /// <param name="message">What is wrong, where, what was expected, what was found and what to do.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public InterventionException(string field, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Field = field;
    }

    /// <summary>Gets the field of the configuration or the argument that is at fault.</summary>
    public string Field { get; }
}
