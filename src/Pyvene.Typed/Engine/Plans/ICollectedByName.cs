namespace Pyvene.Typed.Engine;

/// <summary>Is what a collecting intervention kept, which its name finds.</summary>
internal interface ICollectedByName
{
    /// <summary>Gets the intervention's name in the configuration; <see langword="null"/> = none.</summary>
    string? Name { get; }
}
