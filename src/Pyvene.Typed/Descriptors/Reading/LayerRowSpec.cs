namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a row of layers.</summary>
/// <param name="Stack">The stack that the row belongs to, such as <c>encoder</c>; empty for the only or main one.</param>
/// <param name="Type">The name of the generated type of one layer.</param>
/// <param name="Count">The number of layers, as an expression.</param>
/// <param name="Classes">The classes that have the row, and the components of its stack; empty = all.</param>
/// <param name="Inner">The row of layers inside of each layer, or <see langword="null"/> when there is none.</param>
internal sealed record LayerRowSpec(string Stack, string Type, string Count, EquatableArray<string> Classes, InnerRowSpec? Inner);
