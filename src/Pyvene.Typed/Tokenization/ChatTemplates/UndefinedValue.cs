namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A value that is not there; it is written as nothing, and asking it for more is an error.</summary>
/// <param name="name">What was asked for.</param>
internal sealed class UndefinedValue(string name)
{
    /// <summary>Gets what was asked for, as messages name it.</summary>
    public string Name => Short(name);

    /// <summary>Cuts a name that is too long for a message.</summary>
    public static string Short(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
