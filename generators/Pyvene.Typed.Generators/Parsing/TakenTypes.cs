using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Finds the descriptors whose class the program has already, where the compiler could only say that a type is declared twice.</summary>
internal static class TakenTypes
{
    /// <summary>Returns descriptors without those whose class cannot be made, each with an error in its place.</summary>
    /// <param name="descriptors">The descriptors.</param>
    /// <param name="compilation">The program.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DescriptorSet Without(DescriptorSet descriptors, Compilation compilation, CancellationToken cancellation)
    {
        var models = new List<ClaimedModel>();
        var places = new List<TextPlace>();
        var errors = new List<ParseDiagnostic>();
        foreach (var (model, place) in descriptors.Models.Zip(descriptors.TypePlaces, (model, place) => (model, place)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (OwnerOf(model, descriptors, compilation) is { } owner)
            {
                errors.Add(new ParseDiagnostic(DescriptorRules.TakenType, place, new[] { model.Model.Type, owner }.ToEquatableArray()));
                continue;
            }

            models.Add(model);
            places.Add(place);
        }

        return errors.Count == 0
            ? descriptors
            : new DescriptorSet(models.ToEquatableArray(), places.ToEquatableArray(), descriptors.Errors.Concat(errors).ToEquatableArray());
    }

    private static string? OwnerOf(ClaimedModel model, DescriptorSet descriptors, Compilation compilation)
    {
        var name = model.FullName;
        if (descriptors.Models.Any(other => $"{other.Namespace.Replace("@", "")}.".StartsWith(name + ".", System.StringComparison.Ordinal)))
        {
            return "the namespace of another descriptor's class";
        }

        // In any namespace: of the two, the program could hardly say which it means.
        if (model.Model.Classes.Any(served => served.Name == model.Model.Type) && compilation.ContainsSymbolsWithName(model.Model.Type, SymbolFilter.Type)
            && !(compilation.Assembly.GetTypeByMetadataName(name) is { } same && MayBeExtended(same)))
        {
            return "the class of the program that the descriptor serves";
        }

        if (Owner(compilation.GlobalNamespace, name.Split('.')) is { } owner) return owner;
        return compilation.GetTypesByMetadataName(name) switch
        {
            [] => null,
            var all when all.FirstOrDefault(type => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)) is { } own =>
                MayBeExtended(own) ? null : "a type of the program",
            var all => all.Any(type => type.DeclaredAccessibility == Accessibility.Public) ? "a type of a library that the project references" : null,
        };
    }

    // The name of a namespace cannot be a type's, nor may a type stand where the class wants a namespace.
    private static string? Owner(INamespaceSymbol root, string[] parts)
    {
        var current = root;
        foreach (var part in parts.Take(parts.Length - 1))
        {
            if (current.GetTypeMembers(part, 0).Any(type => type.DeclaringSyntaxReferences.Length > 0))
            {
                return "in a namespace that is the name of a type of the program";
            }

            if (current.GetMembers(part).OfType<INamespaceSymbol>().FirstOrDefault() is not { } next) return null;
            current = next;
        }

        return current.GetMembers(parts[parts.Length - 1]).OfType<INamespaceSymbol>().Any() ? "a namespace" : null;
    }

    // A public partial class of the same name is the other part of the generated one: members of the user's own.
    private static bool MayBeExtended(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, IsRecord: false, IsStatic: false, IsAbstract: false, IsFileLocal: false }
        && type.BaseType is { SpecialType: SpecialType.System_Object }
        && type.DeclaringSyntaxReferences.All(reference => reference.GetSyntax() is ClassDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.PartialKeyword)
            && !declaration.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.InternalKeyword or SyntaxKind.FileKeyword));
}
