namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A value that is not there; it is written as nothing, and asking it for more is an error.</summary>
/// <param name="Name">What was asked for.</param>
internal sealed record UndefinedValue(string Name);
