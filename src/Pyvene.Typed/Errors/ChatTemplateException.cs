namespace Pyvene.Typed.Errors;

/// <summary>A chat template is malformed, asks for what this library does not have, or refuses the messages.</summary>
public sealed class ChatTemplateException : PyveneException
{
    internal ChatTemplateException(string message, string? raised = null)
        : base(raised is null ? message : $"The chat template refuses the messages: {raised}") => Raised = raised;

    /// <summary>Gets what the template itself raised with <c>raise_exception</c>.</summary>
    /// <value>Null where the error is not the template's own.</value>
    public string? Raised { get; }
}
