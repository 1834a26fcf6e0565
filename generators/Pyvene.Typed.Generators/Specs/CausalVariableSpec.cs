namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is a variable of a causal model that is a type.</summary>
/// <param name="Name">The name of the property, without <c>@</c>.</param>
/// <param name="Role">What it is to the model.</param>
/// <param name="Type">The type of its values, as code.</param>
/// <param name="Kind">How its values become those of the untyped model.</param>
/// <param name="Domain">The values as code, a sequence of values of the untyped model; <see langword="null"/> = any.</param>
/// <param name="Parents">What it reads, in the order in which that is declared.</param>
/// <param name="Body">What stands behind the head of a method that computes it; empty where the compiler finds an error in it.</param>
internal sealed record CausalVariableSpec(
    string Name, CausalRole Role, string Type, CausalKind Kind, string? Domain, EquatableArray<string> Parents, string Body);
