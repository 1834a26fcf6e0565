using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A value that is not there; it is written as nothing, and asking it for more is an error.</summary>
/// <param name="name">What was asked for.</param>
internal sealed class UndefinedValue(string name)
{
    /// <summary>Gets what was asked for, as messages name it.</summary>
    public string Name => Excerpt.Of(name);
}
