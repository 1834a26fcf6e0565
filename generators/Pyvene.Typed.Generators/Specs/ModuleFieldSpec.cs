namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is a field of a user's module that is a module itself, or a list of them.</summary>
/// <param name="Member">The name of the generated property.</param>
/// <param name="Path">The name under which TorchSharp registers the field.</param>
/// <param name="Type">The name of the module's class, for the documentation; of a list, that of its modules.</param>
/// <param name="Child">The module's class as code when it offers components of its own, else <see langword="null"/>.</param>
/// <param name="IsPublic">Whether everybody may name the module's class.</param>
/// <param name="IsList">Whether it is a list of modules.</param>
/// <param name="Axes">The axes of the output; empty = not described.</param>
/// <param name="Heads">The number of heads that the last axis is split into; 0 = none.</param>
/// <param name="HeadAxis">The axis that has heads or other units, 1 or 2; <see langword="null"/> = none.</param>
/// <param name="Summary">A sentence about it, or <see langword="null"/>.</param>
internal sealed record ModuleFieldSpec(
    string Member, string Path, string Type, string? Child, bool IsPublic, bool IsList, EquatableArray<string> Axes, int Heads, int? HeadAxis, string? Summary);
