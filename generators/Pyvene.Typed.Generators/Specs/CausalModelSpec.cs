namespace Pyvene.Typed.Generators.Specs;

/// <summary>
/// Is everything the emitter needs to know about a causal model that is a type. Like <see cref="ModuleSpec"/> it is equal by value and holds nothing of the
/// program.
/// </summary>
/// <param name="Hint">The name of the generated file, without its ending.</param>
/// <param name="Usings">The usings of the file, without global ones: bodies are written once more, and mean the same there.</param>
/// <param name="Spaces">The namespaces that the type lies in, as declared, outermost first.</param>
/// <param name="Containers">The types that the type lies in, outermost first, as declarations.</param>
/// <param name="Declaration">The type as a declaration: <c>partial record Equality</c>.</param>
/// <param name="Name">The name of the type.</param>
/// <param name="Arguments">The inputs that are parameters of the type, in order.</param>
/// <param name="Variables">All variables, in the order in which they are declared.</param>
internal sealed record CausalModelSpec(
    string Hint,
    EquatableArray<string> Usings,
    EquatableArray<CausalNamespaceSpec> Spaces,
    EquatableArray<string> Containers,
    string Declaration,
    string Name,
    EquatableArray<string> Arguments,
    EquatableArray<CausalVariableSpec> Variables);
