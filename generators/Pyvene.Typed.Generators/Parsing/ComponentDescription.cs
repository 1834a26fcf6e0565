using System.Linq;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Is what <c>[Component]</c> says about a field.</summary>
/// <param name="IsPresent">Whether the field has the attribute.</param>
/// <param name="Name">The component's name, or <see langword="null"/>.</param>
/// <param name="Axes">The axes of the output; empty = not described.</param>
/// <param name="Heads">The number of heads that the last axis is split into; 0 = none.</param>
/// <param name="Summary">A sentence about it, or <see langword="null"/>.</param>
internal sealed record ComponentDescription(bool IsPresent, string? Name, string[] Axes, int Heads, string? Summary)
{
    private const string Attribute = "Pyvene.Typed.ComponentAttribute";

    /// <summary>Gets what is wrong with it, or <see langword="null"/>.</summary>
    public (string Fact, string Remedy)? Problem =>
        Axes.FirstOrDefault(axis => !CSharpNames.IsCamel(axis)) is { } odd
            ? ($"has the axis '{odd}'", "write words in camel case with commas between them, such as \"batch, position, dModel\"")
        : Axes.Length == 1 || (Axes.Length > 1 && Axes[0] != "batch")
            ? ("has axes that do not begin with 'batch' and name another", "write them as \"batch, position, dModel\" or \"batch, width\"")
        : Heads < 0 ? ($"has {Heads} heads", "write how many heads the last axis is split into")
        : Heads > 0 && Axes.Length > 0 && !(Axes.Length == 3 && Axes[1] == "position")
            ? ("is split into heads, but its axes are not batch, position and one more", "leave the axes or the heads out")
        : null;

    /// <summary>Gets which axis of the output has heads or other units, beside one of positions: 1 or 2; <see langword="null"/> = none.</summary>
    public int? HeadAxis => Axes.Length < 4 ? null : Axes[2] == "position" ? 1 : Axes[1] == "position" ? 2 : null;

    /// <summary>Reads the attribute of a field, or of the property that it keeps.</summary>
    /// <param name="field">The field.</param>
    public static ComponentDescription Of(IFieldSymbol field)
    {
        var attribute = field.GetAttributes()
            .Concat(field.AssociatedSymbol?.GetAttributes() ?? [])
            .FirstOrDefault(candidate => candidate.AttributeClass?.ToDisplayString() == Attribute);
        var values = attribute?.NamedArguments ?? [];
        return new ComponentDescription(
            attribute is not null,
            Value("Name") as string,
            Value("Axes") is string axes ? [.. axes.Split(',').Select(axis => axis.Trim())] : [],
            Value("Heads") as int? ?? 0,
            Value("Summary") as string);

        // While it is typed, an argument may come twice or be of another type.
        object? Value(string name) =>
            values.FirstOrDefault(argument => argument.Key == name).Value is { Kind: not TypedConstantKind.Array } value ? value.Value : null;
    }
}
