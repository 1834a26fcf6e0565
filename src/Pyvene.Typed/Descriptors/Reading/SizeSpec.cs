namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a named size.</summary>
/// <param name="Name">The name, such as <c>dModel</c>.</param>
/// <param name="Alternatives">Expressions over configuration fields, other sizes and numbers; the first that can be computed counts.</param>
internal sealed record SizeSpec(string Name, EquatableArray<string> Alternatives);
