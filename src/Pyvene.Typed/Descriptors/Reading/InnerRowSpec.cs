namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a row of layers inside of a layer, such as the blocks of a stage.</summary>
/// <param name="Type">The name of the generated type of one, and of the method that returns it.</param>
/// <param name="Count">How many there are, as an expression; it may differ from layer to layer.</param>
internal sealed record InnerRowSpec(string Type, string Count);
