using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>
/// Tells fields that hold modules in a collection of .NET, which TorchSharp does not look into: its modules have no hooks, and their weights are not the
/// model's.
/// </summary>
internal static class ModuleCollections
{
    /// <summary>Returns what is wrong with such a field and what to do, or <see langword="null"/> where nothing is.</summary>
    /// <param name="field">The field.</param>
    public static (string Fact, string Remedy)? RemedyFor(IFieldSymbol field)
    {
        if (ItemOf(field.Type) is not (var item, var isDictionary) || IsAlias(field) || TorchTypes.RegistersByHand(field.ContainingType)) return null;
        var name = item.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        return (
            $"is a {field.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, whose "
                + "modules TorchSharp does not register, so they have no places and their weights are not the model's",
            isDictionary ? $"make it a ModuleDict<{name}>" : $"make it a ModuleList<{name}>");
    }

    private static (ITypeSymbol Item, bool IsDictionary)? ItemOf(ITypeSymbol type)
    {
        if (TorchTypes.IsModule(type)) return null;
        if (type is IArrayTypeSymbol array) return TorchTypes.MayHaveHooks(array.ElementType) ? (array.ElementType, false) : null;
        if (type is not INamedTypeSymbol named || type.SpecialType == SpecialType.System_String) return null;
        var sequences = named.AllInterfaces.Add(named)
            .Where(face => face is { Name: "IEnumerable", Arity: 1 } && face.ContainingNamespace.ToDisplayString() == "System.Collections.Generic")
            .Select(face => face.TypeArguments[0])
            .ToArray();
        if (sequences.FirstOrDefault(TorchTypes.MayHaveHooks) is { } item) return (item, false);
        var values = sequences.OfType<INamedTypeSymbol>().Where(pair => pair is { Name: "KeyValuePair", Arity: 2 }).Select(pair => pair.TypeArguments[1]);
        return values.FirstOrDefault(TorchTypes.MayHaveHooks) is { } value ? (value, true) : null;
    }

    // A list of modules that other fields hold, such as [first, second], only gives these an order.
    private static bool IsAlias(IFieldSymbol field) =>
        field.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax())
            .OfType<VariableDeclaratorSyntax>()
            .FirstOrDefault()
            ?.Initializer
            ?.Value is { } value
        && value.DescendantNodesAndSelf().OfType<CollectionElementSyntax>().Any()
        && value.DescendantNodesAndSelf()
            .OfType<ExpressionElementSyntax>()
            .All(element => element.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax);
}
