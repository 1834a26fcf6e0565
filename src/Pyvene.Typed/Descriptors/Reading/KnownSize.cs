namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a size of a checkpoint.</summary>
/// <param name="Name">The size's name.</param>
/// <param name="Value">The value.</param>
internal sealed record KnownSize(string Name, long Value);
