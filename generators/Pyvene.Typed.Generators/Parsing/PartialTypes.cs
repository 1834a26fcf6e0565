using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Says how a user's type is written once more, to add to it.</summary>
internal static class PartialTypes
{
    private static readonly SymbolDisplayFormat Declared = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters, miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat Spaces = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>Returns a type and those that it lies in, innermost first.</summary>
    /// <param name="type">The type.</param>
    public static IEnumerable<INamedTypeSymbol> SelfAndOwners(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType) yield return current;
    }

    /// <summary>Returns why nothing can be added to a type where it stands, or <see langword="null"/>.</summary>
    /// <param name="type">The type.</param>
    public static (string Fact, string Remedy, bool IsNotPartial)? ObstacleOf(INamedTypeSymbol type) =>
        SelfAndOwners(type).Any(owner => owner.IsFileLocal) ? ("it is local to its file, where generated code cannot reach it", "drop 'file'", false)
        : SelfAndOwners(type).FirstOrDefault(owner => !IsPartial(owner)) is { } whole
            ? ($"'{whole.Name}' is not partial, so nothing can be added to it", $"write 'partial {Kind(whole)} {whole.Name}'", true)
        : null;

    /// <summary>Returns a type as code, with its type parameters: <c>MyNet&lt;T&gt;</c>.</summary>
    /// <param name="type">The type.</param>
    public static string Self(INamedTypeSymbol type) => type.ToDisplayString(Declared);

    /// <summary>Returns the namespace of a type as code; empty = the global one.</summary>
    /// <param name="type">The type.</param>
    public static string Space(INamedTypeSymbol type) => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(Spaces);

    /// <summary>Returns what a part of a type is declared as: <c>partial record MyModel</c>.</summary>
    /// <param name="type">The type.</param>
    public static string Declaration(INamedTypeSymbol type) => $"partial {Kind(type)} {Self(type)}";

    /// <summary>Returns the full name of a type, as the name of a file.</summary>
    /// <param name="type">The type.</param>
    public static string Hint(INamedTypeSymbol type) =>
        string.Join(".", SelfAndOwners(type).Reverse()
            .Select(owner => owner.MetadataName.Replace('`', '-'))
            .Prepend(type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString().Replace("@", ""))
            .Where(part => part.Length > 0));

    private static string Kind(INamedTypeSymbol type) => type.TypeKind switch
    {
        TypeKind.Struct => type.IsRecord ? "record struct" : "struct",
        TypeKind.Interface => "interface",
        _ => type.IsRecord ? "record" : "class",
    };

    private static bool IsPartial(INamedTypeSymbol owner) =>
        owner.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}
