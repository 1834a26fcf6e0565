namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a class that a descriptor serves.</summary>
/// <param name="Name">The class's name, such as <c>GPT2LMHeadModel</c>.</param>
/// <param name="Prefix">What stands before the paths of the components, such as <c>transformer.</c></param>
internal sealed record ClassSpec(string Name, string Prefix);
