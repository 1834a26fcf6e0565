namespace Pyvene.Typed;

/// <summary>Is one value of an axis.</summary>
/// <param name="Value">The value.</param>
/// <param name="Name">What tables call it.</param>
internal sealed record AxisPoint<T>(T Value, string Name);
