using System.Linq;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds attributes of symbols.</summary>
internal static class SymbolAttributes
{
    /// <summary>Returns an attribute of a symbol, or <see langword="null"/>.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="type">The attribute's class; <see langword="null"/> when the program does not know it.</param>
    public static AttributeData? FindAttribute(this ISymbol symbol, INamedTypeSymbol? type) =>
        type is null ? null : symbol.GetAttributes().FirstOrDefault(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, type));
}
