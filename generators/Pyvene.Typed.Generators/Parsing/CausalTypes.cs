using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Says which types the values of variables may have.</summary>
internal static class CausalTypes
{
    private const string Value = "Pyvene.Typed.Causal.CausalValue";

    /// <summary>Returns how values of a type become those of the untyped model; <see langword="null"/> when they do not.</summary>
    /// <param name="type">The type.</param>
    public static CausalKind? KindOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => CausalKind.Boolean,
        _ when IsWhole(type.SpecialType) => CausalKind.Integer,
        SpecialType.System_Single or SpecialType.System_Double => CausalKind.Number,
        SpecialType.System_String when type.NullableAnnotation != NullableAnnotation.Annotated => CausalKind.Text,
        _ when type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } number } && IsWhole(number.SpecialType) => CausalKind.Enum,
        _ when type.ToDisplayString() == Value => CausalKind.Value,
        _ => null,
    };

    /// <summary>Returns the smallest and the largest whole number of a type.</summary>
    /// <param name="type">The type.</param>
    public static (long First, long Last) RangeOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_SByte => (sbyte.MinValue, sbyte.MaxValue),
        SpecialType.System_Byte => (byte.MinValue, byte.MaxValue),
        SpecialType.System_Int16 => (short.MinValue, short.MaxValue),
        SpecialType.System_UInt16 => (ushort.MinValue, ushort.MaxValue),
        SpecialType.System_Int32 => (int.MinValue, int.MaxValue),
        SpecialType.System_UInt32 => (uint.MinValue, uint.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    private static bool IsWhole(SpecialType type) => type is SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16
        or SpecialType.System_UInt16 or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64;
}
