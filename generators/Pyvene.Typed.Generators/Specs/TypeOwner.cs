namespace Pyvene.Typed.Generators.Specs;

/// <summary>Says which descriptor makes a type.</summary>
/// <param name="Type">The name of the generated class.</param>
/// <param name="Path">The descriptor's path.</param>
internal sealed record TypeOwner(string Type, string Path);
