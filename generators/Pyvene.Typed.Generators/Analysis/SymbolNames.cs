using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Says how messages name types and members.</summary>
internal static class SymbolNames
{
    /// <summary>With the types that they lie in, as a program writes them: <c>Gpt2.Small.Layer</c>.</summary>
    public static readonly SymbolDisplayFormat WithOwners = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>The same without type parameters: <c>HeadedSite.Head</c>.</summary>
    public static readonly SymbolDisplayFormat Plain = WithOwners.WithGenericsOptions(SymbolDisplayGenericsOptions.None);
}
