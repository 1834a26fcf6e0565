using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is the axis that an argument chooses from, with what is known of its indices.</summary>
/// <param name="Minimum">The least index.</param>
/// <param name="Maximum">The greatest index; <see langword="null"/> when it is not known.</param>
/// <param name="Owner">What the range belongs to, as messages name it.</param>
/// <param name="CountsFromTheEnd">Whether a range may name its ends from the end.</param>
internal sealed record IndexedAxis(int Minimum, int? Maximum, string Owner, bool CountsFromTheEnd)
{
    private const string Heads = "Heads";
    private const string Width = "Width";
    private const string Positions = "Positions";
    private const string Other = "";

    /// <summary>Returns the axis of an argument, or <see langword="null"/> when it chooses from none.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="body">Where it stands.</param>
    public static IndexedAxis? Of(IArgumentOperation argument, Body body)
    {
        if (argument is not { Parameter: { } parameter, Parent: IInvocationOperation call }) return null;
        var owner = parameter.ContainingSymbol is IMethodSymbol { IsExtensionMethod: true, Name: var step }
            ? step
            : parameter.ContainingSymbol.ToDisplayString(SymbolNames.Plain);
        if (parameter.FindAttribute(body.Types.ValidRange) is { ConstructorArguments: [{ Value: int minimum }, { Value: int maximum }] })
        {
            return new IndexedAxis(minimum, maximum, owner, CountsFromTheEnd: true);
        }

        if (KindOf(parameter, body) is not { } kind) return null;

        if (kind == Positions)
        {
            return new IndexedAxis(int.MinValue, null, parameter.ContainingSymbol.Name, CountsFromTheEnd: true); // PVT210 speaks of what is negative
        }

        var place = kind == Other ? null : IndexedPlace.Of(call, body);
        var size = kind == Heads ? place?.Heads : kind == Width ? place?.Width : null;
        return new IndexedAxis(0, size - 1, place?.Name ?? owner, CountsFromTheEnd: false);
    }

    private static string? KindOf(IParameterSymbol parameter, Body body)
    {
        var method = parameter.ContainingSymbol;
        var isOurs = LibraryTypes.Owns(method) || body.Types.IsArchitecture(method.ContainingType);
        if (!isOurs) return null;
        if (method.Name is "At" or "ReadAt" or "Query" || method.ContainingType.Name == Positions)
        {
            return KindOf(parameter.Type) ?? (IsIndex(parameter.Type) ? Positions : null);
        }

        return KindOf(parameter.Type)
            ?? (method.Name is "Features" or "In" or "Of" or "PerExample" ? KindOf(method.Name == "Features" ? "Features" : method.ContainingType.Name) : null);
    }

    private static string? KindOf(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: [var item] } => KindOf(item),
        _ => LibraryTypes.Owns(type) ? KindOf(type.Name) : null,
    };

    private static bool IsIndex(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: [var item] } => IsIndex(item),
        _ => type.Name is "Index" or "Range" && type.ContainingNamespace is { Name: "System" },
    };

    // The types of one index, and of a set of them.
    private static string? KindOf(string type) => type switch
    {
        "Heads" => Heads,
        _ when HeadKind.All.Any(kind => kind.Index == type) => Heads,
        "Neuron" or "Features" => Width,
        "Positions" => Positions,
        "LayerIndex" or "TimeStep" or "Steps" => Other,
        _ => null,
    };
}
