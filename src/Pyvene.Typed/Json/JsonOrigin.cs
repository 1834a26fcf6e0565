using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Json;

/// <summary>Says where a JSON text came from and which exception its faults are: each door of the library has its own.</summary>
/// <param name="name">The file, or what the text is, for messages.</param>
internal abstract class JsonOrigin(string name)
{
    /// <summary>Gets the file, or what the text is.</summary>
    public string Name { get; } = name;

    /// <summary>Gets whether people write the text, so that comments and a comma behind the last item are let through.</summary>
    public virtual bool IsWrittenByHand => false;

    /// <summary>Gets whether Python writes the text, so that <c>Infinity</c> and <c>NaN</c> may stand in it.</summary>
    public virtual bool IsWrittenByPython => false;

    /// <summary>Makes an error about the whole text.</summary>
    /// <param name="message">A clause whose subject is the text, such as <c>is not valid JSON</c>.</param>
    /// <param name="cause">The cause, when there is one.</param>
    public abstract PyveneException Malformed(string message, Exception? cause = null);

    /// <summary>Makes an error about a value.</summary>
    /// <param name="path">Where the value stands, such as <c>model.merges[7]</c>; empty for the whole text.</param>
    /// <param name="message">A clause whose subject is the value, such as <c>must be a text, but is 5</c>.</param>
    /// <param name="cause">The cause, when there is one.</param>
    public abstract PyveneException Wrong(string path, string message, Exception? cause = null);
}
