using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Pyvene.Typed.Generators.Emission;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Is the values that a variable may take, as code; or what is wrong with them.</summary>
/// <param name="Code">A sequence of values of the untyped model; <see langword="null"/> = any.</param>
/// <param name="Problem">What is wrong and what to do.</param>
internal sealed record CausalDomain(string? Code, (string Fact, string Remedy)? Problem = null)
{
    private const string Library = "global::Pyvene.Typed.Causal.";
    private const string Between = "Pyvene.Typed.Causal.BetweenAttribute";
    private const string OneOf = "Pyvene.Typed.Causal.OneOfAttribute";
    private const long MostValues = 1L << 20;

    private static readonly CausalDomain Any = new(Code: null);

    /// <summary>Reads the domain of a variable.</summary>
    /// <param name="model">The type that is the model.</param>
    /// <param name="type">The variable's type.</param>
    /// <param name="kind">How its values become those of the untyped model.</param>
    /// <param name="attributes">The attributes of the property and of its parameter.</param>
    public static CausalDomain Of(INamedTypeSymbol model, ITypeSymbol type, CausalKind kind, IEnumerable<AttributeData> attributes)
    {
        AttributeData[] written = [.. attributes.Where(attribute => attribute.AttributeClass?.ToDisplayString() is Between or OneOf)];
        if (written.Length > 1) return Wrong("several attributes give them", "keep one of [Between] and [OneOf]");
        if (written.Length == 0) return new CausalDomain(Natural(type, kind));
        var attribute = written[0];
        var arguments = attribute.ConstructorArguments;
        if (arguments.Any(argument => argument.Kind == TypedConstantKind.Error)) return Any; // the compiler says so
        if (attribute.AttributeClass!.ToDisplayString() == Between)
        {
            return arguments is [{ Value: long first }, { Value: long last }] ? Range(type, kind, first, last) : Any;
        }

        TypedConstant[] constants = arguments is [{ Kind: TypedConstantKind.Array, IsNull: false } values] ? [.. values.Values] : [];
        var source = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "From").Value.Value as string;
        return source is not null && constants.Length > 0 ? Wrong("they stand there and in 'From' too", "keep one of them")
            : source is not null ? Member(model, type, kind, source)
            : constants.Length == 0 ? Wrong("there are none", "name some, or remove [OneOf] for any")
            : Listed(type, kind, constants);
    }

    private static string? Natural(ITypeSymbol type, CausalKind kind) => kind switch
    {
        CausalKind.Boolean => List(["false", "true"]),
        CausalKind.Enum => List(type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)
            .Select(field => Number(Convert.ToInt64(field.ConstantValue, CultureInfo.InvariantCulture))).Distinct()),
        _ => null,
    };

    private static CausalDomain Range(ITypeSymbol type, CausalKind kind, long first, long last)
    {
        var (least, most) = CausalTypes.RangeOf(type);
        return kind != CausalKind.Integer
                ? Wrong($"[Between] is for whole numbers, and '{type.ToDisplayString()}' is none", "list them with [OneOf]")
            : first > last
                ? Wrong($"there is none from {Literals.Of(first)} to {Literals.Of(last)}", $"write [Between({Literals.Of(last)}, {Literals.Of(first)})]")
            : first < least || last > most
                ? Wrong($"a '{type.ToDisplayString()}' goes from {Literals.Of(least)} to {Literals.Of(most)}", "stay in that range, or take another type")
            : unchecked((ulong)(last - first)) >= MostValues
                ? Wrong($"there are over {Literals.Of(MostValues)} from {Literals.Of(first)} to {Literals.Of(last)}", "give fewer, or remove [Between] for any")
            : new CausalDomain($"{Library}CausalRuns.Between({Number(first)}, {Number(last)})");
    }

    private static CausalDomain Listed(ITypeSymbol type, CausalKind kind, TypedConstant[] constants)
    {
        var codes = new List<string>();
        foreach (var constant in constants)
        {
            if (constant.Kind == TypedConstantKind.Error) return Any;
            if (CodeOf(constant, type, kind) is not { } code)
            {
                return Wrong($"{Shown(constant)} is no '{type.ToDisplayString()}'", $"write values of the type '{type.ToDisplayString()}'");
            }

            if (codes.Contains(code)) return Wrong($"{Shown(constant)} stands twice", "name each value once");
            codes.Add(code);
        }

        return new CausalDomain(List(codes));
    }

    private static CausalDomain Member(INamedTypeSymbol model, ITypeSymbol type, CausalKind kind, string name)
    {
        var member = model.GetMembers(name).FirstOrDefault();
        var (held, isStatic) = member switch
        {
            IFieldSymbol field => (field.Type, field.IsStatic),
            IPropertySymbol property => (property.Type, property.IsStatic),
            _ => (null, false),
        };
        if (held is null || !isStatic)
        {
            return Wrong(
                $"'{model.Name}' has no static field or property '{name}'",
                $"write [OneOf(From = nameof({model.Name}.…))] with the name of a static member that holds values of the type '{type.ToDisplayString()}'");
        }

        var sequences = held.AllInterfaces.Concat(held is INamedTypeSymbol { TypeKind: TypeKind.Interface } itself ? [itself] : []);
        var fits = sequences.Any(sequence => sequence.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
            && SymbolEqualityComparer.Default.Equals(sequence.TypeArguments[0], type));
        var code = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        var self = model.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        var values = $"{self}.{CSharpNames.Escaped(name)}, static value => {CausalModelEmitter.Written(kind, "value")}";
        return fits
            ? new CausalDomain($"{Library}CausalRuns.Values<{code}>({values})")
            : Wrong($"'{name}' holds no sequence of '{type.ToDisplayString()}'", $"make it a {type.ToDisplayString()}[]");
    }

    private static string? CodeOf(TypedConstant constant, ITypeSymbol type, CausalKind kind) => (kind, constant.Value) switch
    {
        (CausalKind.Enum, { } value) when SymbolEqualityComparer.Default.Equals(constant.Type, type) =>
            Number(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        _ when constant.Kind == TypedConstantKind.Enum => null,
        (CausalKind.Boolean or CausalKind.Value, bool value) => value ? "true" : "false",
        (CausalKind.Text or CausalKind.Value, string value) => Literals.Of(value),
        (CausalKind.Integer or CausalKind.Value, sbyte or byte or short or ushort or int or uint or long) =>
            InRange(Convert.ToInt64(constant.Value, CultureInfo.InvariantCulture), type, kind),
        (CausalKind.Number, sbyte or byte or short or ushort or int or uint or float or double) or (CausalKind.Value, float or double) =>
            Number(Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static string? InRange(long value, ITypeSymbol type, CausalKind kind)
    {
        var (least, most) = CausalTypes.RangeOf(type);
        return kind == CausalKind.Value || (value >= least && value <= most) ? Number(value) : null;
    }

    private static string Shown(TypedConstant constant) => constant.IsNull ? "null" : constant.ToCSharpString();

    private static string Number(long value) => value == long.MinValue ? "long.MinValue" : Literals.Of(value) + "L";

    private static string Number(double value) => double.IsNaN(value) ? "double.NaN"
        : double.IsInfinity(value) ? value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "D";

    private static string List(IEnumerable<string> codes) => $"new {Library}CausalValue[] {{ {string.Join(", ", codes)} }}";

    private static CausalDomain Wrong(string fact, string remedy) => new(Code: null, (fact, remedy));
}
