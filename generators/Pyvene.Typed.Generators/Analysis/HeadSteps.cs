using System.Linq;
using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows the steps that choose heads, and units like them.</summary>
internal static class HeadSteps
{
    /// <summary>Returns what a step chooses, or <see langword="null"/> when it chooses no heads.</summary>
    /// <param name="member">The name of the step.</param>
    public static HeadKind? Choosing(string member) => HeadKind.All.FirstOrDefault(kind => member == kind.One || member == kind.Many);

    /// <summary>Returns what a step reads in a source, or <see langword="null"/> when it reads no heads.</summary>
    /// <param name="member">The name of the step.</param>
    public static HeadKind? Reading(string member) => HeadKind.All.FirstOrDefault(kind => member == $"Read{kind.Many}");

    /// <summary>Returns what a type counts, or <see langword="null"/> when it counts no heads.</summary>
    /// <param name="type">The type.</param>
    public static HeadKind? CountedBy(ITypeSymbol? type) =>
        type is not null && LibraryTypes.Owns(type) ? HeadKind.All.FirstOrDefault(kind => kind.Index == type.Name) : null;

    /// <summary>Returns what can be chosen of a place, or <see langword="null"/> when it is no heads.</summary>
    /// <param name="place">The type of the place.</param>
    public static HeadKind? ChosenOf(INamedTypeSymbol place) =>
        CountedBy(place.AllInterfaces.FirstOrDefault(contract => contract.Name == "IHeaded" && LibraryTypes.Owns(contract))?.TypeArguments[0]);

    /// <summary>Returns the axis that a component needs, in words.</summary>
    /// <param name="kind">What is chosen.</param>
    public static string AxisOf(HeadKind kind) => kind.Index.EndsWith("Head", System.StringComparison.Ordinal)
        ? "a head axis, such as HeadValueOutput"
        : $"an axis of {kind.Word}s";

    /// <summary>Returns what to write where another kind was asked for.</summary>
    /// <param name="kind">The kind that the place has.</param>
    public static string Other(HeadKind kind) => kind switch
    {
        { IsQuery: true } => "its heads are query heads; write Head(…)",
        { Axis: "kvHead" } => "its heads are key/value heads, of which there are fewer than query heads; write KeyValueHead(…)",
        _ => $"what it has are {kind.Word}s; write {kind.One}(…)",
    };
}
