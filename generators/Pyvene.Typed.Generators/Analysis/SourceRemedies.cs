using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows what to write where an experiment is run with another number of sources than it reads.</summary>
internal static class SourceRemedies
{
    private static readonly string[] Counts = ["NoSource", "OneSource", "TwoSources", "ThreeSources", "FourSources"];

    /// <summary>Returns what to do, or <see langword="null"/> when nothing is known.</summary>
    /// <param name="call">The call.</param>
    /// <param name="method">What is called.</param>
    /// <param name="receiver">The type that it is called on.</param>
    /// <param name="typeOf">Returns the type of an argument.</param>
    public static string? For(InvocationExpressionSyntax call, string method, INamedTypeSymbol receiver, Func<ExpressionSyntax, INamedTypeSymbol?> typeOf)
    {
        if (receiver is { Name: "LanguagePlan" or "ModulePlan", TypeArguments: [_, { Name: var read }] } && LibraryTypes.Owns(receiver))
        {
            return method == "Run" ? ForPlan(call, read) : null;
        }

        if (receiver is not { Name: "LanguageModel", IsGenericType: true }
            || !LibraryTypes.Owns(receiver)
            || method is not ("Run" or "Generate" or "StreamAsync" or "Sweep"))
        {
            return null;
        }

        if (method == "Sweep") return ForSweep(call, typeOf);
        var types = call.ArgumentList.Arguments.Select(argument => typeOf(argument.Expression)).ToArray();
        if (types.FirstOrDefault(type => type is { Name: "Experiment", Arity: 2 } && LibraryTypes.Owns(type))?.TypeArguments is not [var model, var sources])
        {
            return null;
        }

        if (!SymbolEqualityComparer.Default.Equals(model, receiver.TypeArguments[0]))
        {
            return $"the experiment is on {model.Name}, and this is a {receiver.TypeArguments[0].Name}; load a model of the experiment's architecture";
        }

        if (sources.Name == "ManySources")
        {
            return "the experiment reads as many sources as it was begun with; give them as one list behind the base, as in [\"…\", \"…\"]";
        }

        var reads = Array.IndexOf(Counts, sources.Name);
        var gives = types.Count(IsPrompt) - 1;
        return reads < 0 || gives < 0 || reads == gives ? null : $"the experiment reads {InWords(reads)}, but the call gives {InWords(gives)}; "
            + "give one prompt a source behind the base, and Source.Skip for one that is left out on purpose";
    }

    /// <summary>Returns what to do where a sweep is given more axes than a table has, or <see langword="null"/>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="method">What is called.</param>
    /// <param name="receiver">The type that it is called on.</param>
    /// <param name="typeOf">Returns the type of an argument.</param>
    public static string? ForAxes(
        InvocationExpressionSyntax call, string method, INamedTypeSymbol receiver, Func<ExpressionSyntax, INamedTypeSymbol?> typeOf) =>
        method is "Sweep" or "Grid" && PlaceRemedies.Is(receiver, "LanguageModel")
        && call.ArgumentList.Arguments.Select(argument => typeOf(argument.Expression))
            .Count(type => type is not null && PlaceRemedies.Is(type, "IAxis")) > 2
            ? "a table has two axes, rows and columns; join axes to one, as in Gpt2.AllLayers.By(Gpt2.AllHeads), whose values the cell gets as a pair"
            : null;

    private static string? ForPlan(InvocationExpressionSyntax call, string sources)
    {
        var reads = Array.IndexOf(Counts, sources);
        var gives = call.ArgumentList.Arguments.Count(argument => argument.NameColon?.Name.Identifier.ValueText != "options"
            && argument.Expression is not BaseObjectCreationExpressionSyntax) - 1;
        return sources == "ManySources"
            ? "the experiment reads as many sources as it was begun with; give them as one list behind the base, as in [first, second]"
            : reads < 0 || reads == gives ? null
            : $"the experiment reads {InWords(reads)}, but the call gives {InWords(gives)}; "
                + "give one input a source behind the base, and leave one out on purpose with Source.Skip, or null for a module";
    }

    private static string? ForSweep(InvocationExpressionSyntax call, Func<ExpressionSyntax, INamedTypeSymbol?> typeOf)
    {
        var cell = call.ArgumentList.Arguments.Select(argument => argument.Expression).OfType<LambdaExpressionSyntax>().FirstOrDefault()?.ExpressionBody;
        if (cell is null || typeOf(cell) is not { Name: "Experiment", Arity: 2, TypeArguments: [_, { Name: var sources }] }) return null;
        var types = call.ArgumentList.Arguments.Select(argument => typeOf(argument.Expression)).ToArray();
        if (!types.Any(IsMetric) && !call.ArgumentList.Arguments.Any(argument => argument.Expression is CollectionExpressionSyntax list
            && list.Elements.OfType<ExpressionElementSyntax>().Any(element => IsMetric(typeOf(element.Expression)))))
        {
            return "nothing says what is read off each run; give a metric last, such as Metric.Probability(\" Rome\")";
        }

        var gives = types.Count(IsPrompt) - 1;
        return (sources, gives) switch
        {
            ("OneSource", 0) => "its experiments read a source; give one prompt behind the base",
            ("NoSource", > 0) => "its experiments read no source; leave the second prompt out",
            (not ("NoSource" or "OneSource"), _) => "its experiments read several sources; give them as one list behind the base, as in [\"…\", \"…\"]",
            _ => null,
        };
    }

    private static bool IsMetric(INamedTypeSymbol? type) => type?.Name is "Metric" or "Metrics" && LibraryTypes.Owns(type);

    private static bool IsPrompt(INamedTypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_String } || (type?.Name is "Prompt" or "SourceInput" && LibraryTypes.Owns(type));

    private static string InWords(int count) => count == 1 ? "1 source" : $"{count} sources";
}
