using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Follows a module path through the fields of classes, as far as their types tell what a constructed model has.</summary>
/// <param name="compilation">The program.</param>
internal sealed class ModuleLookup(Compilation compilation)
{
    /// <summary>Follows a path.</summary>
    /// <param name="root">The class that it starts at.</param>
    /// <param name="path">The path, such as <c>h[layer].mlp</c>.</param>
    /// <param name="cancellation">Stops it.</param>
    public ModuleLookupResult Follow(ITypeSymbol root, string path, CancellationToken cancellation)
    {
        var current = root;
        foreach (var step in path.Split('.', '[').Select(step => step.TrimEnd(']')).Where(step => step.Length > 0))
        {
            cancellation.ThrowIfCancellationRequested();
            var isIndex = step is "layer" or "sublayer" || step.All(char.IsDigit);
            if (isIndex && TorchTypes.ItemOf(current) is { } item)
            {
                current = item;
                continue;
            }

            if (Child(current, step) is { } child)
            {
                if (!TorchTypes.IsModule(child)) return ModuleLookupResult.Missing(
                    current, $"'{step}' is {child.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, which is no module", "name a module");
                current = child;
                continue;
            }

            if (MayHaveMore(current)) return ModuleLookupResult.Unknown;
            return isIndex
                ? ModuleLookupResult.Missing(current, $"it is no ModuleList, so it has no module '[{step}]'", "name a field, or make it a ModuleList")
                : ModuleLookupResult.Missing(current, $"it has no module '{step}'", NameSuggestions.For(step, Children(current).Select(field => field.Name)));
        }

        return ModuleLookupResult.Of(current);
    }

    private static ITypeSymbol? Child(ITypeSymbol type, string name) => Children(type).FirstOrDefault(child => child.Name == name).Type;

    private static IEnumerable<(string Name, ITypeSymbol Type)> Children(ITypeSymbol type) => TorchTypes.OwnClasses(type)
        .SelectMany(current => current.GetMembers().OfType<IFieldSymbol>())
        .Where(field => !field.IsStatic && !field.IsConst)
        .Select(field => (Name: TorchTypes.RegisteredName(field) ?? field.Name, Type: field.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)))
        .Where(child => TorchTypes.IsModule(child.Type) || !child.Name.StartsWith("<", StringComparison.Ordinal));

    // A field may hold more than its type says; a class may register modules by hand, or have fields that only its own assembly sees.
    private bool MayHaveMore(ITypeSymbol type)
    {
        var classes = TorchTypes.OwnClasses(type).ToArray();
        return classes.Length == 0
            || type is not INamedTypeSymbol { TypeKind: TypeKind.Class }
            || type.IsAbstract
            || classes.Any(current => !current.Locations.Any(place => place.IsInSource) || TorchTypes.RegistersByHand(current))
            || (!type.IsSealed && IsDerivedFrom(compilation.Assembly.GlobalNamespace, type.OriginalDefinition));
    }

    private static bool IsDerivedFrom(INamespaceOrTypeSymbol scope, ITypeSymbol type) => scope.GetMembers().Any(member => member switch
    {
        INamedTypeSymbol inner =>
            Bases(inner).Any(current => SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, type)) || IsDerivedFrom(inner, type),
        INamespaceSymbol inner => IsDerivedFrom(inner, type),
        _ => false,
    });

    private static IEnumerable<ITypeSymbol> Bases(ITypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType) yield return current;
    }
}
