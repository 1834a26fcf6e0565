using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows what to write where something is chosen of a place that does not have it.</summary>
internal static class PlaceRemedies
{
    /// <summary>Returns what to do, or <see langword="null"/> when nothing is known.</summary>
    /// <param name="member">What is called.</param>
    /// <param name="type">The type that it is called on.</param>
    public static string? For(string member, INamedTypeSymbol type)
    {
        if (!LibraryTypes.Owns(type)) return null;
        if (type.Name == "SourcedSite") return "the source is said last; write this before From(…)";
        if (!Is(type, "Place")) return null;
        return member switch
        {
            _ when HeadSteps.Choosing(member) is { } asked && HeadSteps.ChosenOf(type) is { } kind && kind != asked => HeadSteps.Other(kind),
            _ when HeadSteps.Choosing(member) is { } asked && Is(type, "IHeadChoice") =>
                $"{asked.Word}s are chosen already; several are written at once, as in {asked.Many}(1, 2)",
            _ when HeadSteps.Choosing(member) is { } asked =>
                $"this place has no {asked.Word}s to choose; take a component with {HeadSteps.AxisOf(asked)}, and choose them once",
            "At" when type.Name == "StepComponent" => "it has time steps; write AtStep(…)",
            "At" when Is(type, "AttentionComponent") || type.Name == "AttentionHeads" => "its positions are queries; write Query(…)",
            "At" or "Query" or "AtStep" when Is(type, "IPositioned") => "positions are chosen already; several are written at once, as in At(1, 2)",
            "At" => "it has no positions; Features(…) chooses of its last axis",
            "Query" or "AtStep" when Is(type, "IPositional") => "it has positions; write At(…)",
            "ReadAt" => "say first where the base is written, as in At(4).ReadAt(3)",
            _ when HeadSteps.Reading(member) is { } read =>
                $"say first which {read.Word}s are written in the base, as in {read.One}(1).Read{read.Many}(2)",
            "During" => "its model generates no text; leave this out",
            "Neuron" or "Neurons" when type.Name == "StepComponent" => "its features are no neurons of an MLP; write Features(0..4)",
            "Neuron" or "Neurons" => "its features are no neurons of an MLP; write Features(0..4), or take MlpActivation",
            _ => null,
        };
    }

    /// <summary>Returns what to do where a class has no such member of its own, or <see langword="null"/> when nothing is known.</summary>
    /// <param name="member">What is read.</param>
    /// <param name="type">The class.</param>
    /// <param name="types">The library's types.</param>
    public static string? ForStatic(string member, INamedTypeSymbol type, LibraryTypes types) => (type.Name, member) switch
    {
        ("Positions", "Last") when LibraryTypes.Owns(type) => "the last position is ^1, as in At(^1)",
        ("Positions", "First") when LibraryTypes.Owns(type) => "the first position is 0, as in At(0)",
        _ when ListOf(member, type) is { } remedy => remedy,
        _ when types.IsArchitecture(type) && type.GetTypeMembers("Block") is [var block] && block.GetMembers(member) is [IPropertySymbol { IsStatic: false }] =>
            $"it lies in a layer; write {type.ToDisplayString(SymbolNames.WithOwners)}.Layer(3).{member}",
        _ => null,
    };

    /// <summary>Returns whether a type is one of the library, or derives from it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="name">The library's type.</param>
    public static bool Is(INamedTypeSymbol type, string name)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == name && LibraryTypes.Owns(current)) return true;
        }

        return type.AllInterfaces.Any(contract => contract.Name == name && LibraryTypes.Owns(contract));
    }

    // Net.Components.Layers, where the field is a list that TorchSharp does not look into.
    private static string? ListOf(string member, INamedTypeSymbol type) => type is not { Name: "Components", ContainingType: { } module }
        ? null
        : module.GetMembers()
        .OfType<IFieldSymbol>()
        .Where(field => string.Equals(field.AssociatedSymbol?.Name ?? field.Name.TrimStart('_'), member, StringComparison.OrdinalIgnoreCase))
        .Select(ModuleCollections.RemedyFor)
        .FirstOrDefault(problem => problem is not null) is var (fact, remedy) ? $"its field {fact}; {remedy}" : null;
}
