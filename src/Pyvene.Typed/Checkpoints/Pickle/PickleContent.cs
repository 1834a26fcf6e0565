namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is what the pickle of a file yields.</summary>
/// <param name="Value">The value.</param>
/// <param name="IsBigEndian">Whether the numbers of its storages have the highest byte first.</param>
internal readonly record struct PickleContent(object? Value, bool IsBigEndian);
