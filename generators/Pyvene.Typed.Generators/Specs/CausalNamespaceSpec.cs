namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is a namespace as it is declared.</summary>
/// <param name="Name">The name as code.</param>
/// <param name="Usings">The usings inside of it.</param>
internal sealed record CausalNamespaceSpec(string Name, EquatableArray<string> Usings);
