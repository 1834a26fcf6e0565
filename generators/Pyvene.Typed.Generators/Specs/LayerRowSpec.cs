namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is a row of layers.</summary>
/// <param name="Stack">The stack that the row belongs to, such as <c>encoder</c>; empty for the only or main one.</param>
/// <param name="Type">The name of the generated type of one layer.</param>
/// <param name="Count">The number of layers, as an expression.</param>
internal sealed record LayerRowSpec(string Stack, string Type, string Count);
