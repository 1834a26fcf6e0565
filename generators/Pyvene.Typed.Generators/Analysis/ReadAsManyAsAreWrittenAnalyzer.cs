using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds places that read another number of positions or heads than they write.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadAsManyAsAreWrittenAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.UnequalParts)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        foreach (var read in body.Operations.OfType<IInvocationOperation>())
        {
            if (WrittenBy(read.TargetMethod) is not { } names || Count(read) is not { } readCount || MayBeSpread(read, readCount)) continue;
            for (var current = ExperimentSyntax.ReceiverOf(read); current is IInvocationOperation call; current = ExperimentSyntax.ReceiverOf(call))
            {
                if (!names.Contains(call.TargetMethod.Name)) continue;
                if (Count(call) is { } count && count != readCount)
                {
                    context.ReportDiagnostic(
                        Diagnostic.Create(DiagnosticDescriptors.UnequalParts, PlaceOf(read), read.TargetMethod.Name, readCount, call.TargetMethod.Name, count));
                }

                break;
            }
        }
    }

    // In a generation, one position that is read is written at every place; a place that is kept may go there.
    private static bool MayBeSpread(IInvocationOperation read, int count)
    {
        if (count != 1) return false;
        var isInGeneration = read.DescendantsAndSelf().Any(IsDuring);
        for (var current = read.Parent; current is IConversionOperation or IParenthesizedOperation or IArgumentOperation
            or IInvocationOperation; current = current.Parent)
        {
            isInGeneration |= IsDuring(current);
            if (current is IInvocationOperation call && ExperimentSyntax.StepOf(call) is not null) return isInGeneration;
        }

        return true;
    }

    private static bool IsDuring(IOperation operation) => operation is IInvocationOperation { TargetMethod.Name: "During" };

    private static string[]? WrittenBy(IMethodSymbol read) => !LibraryTypes.Owns(read) ? null : read.Name switch
    {
        "ReadAt" => ["At"],
        _ => HeadSteps.Reading(read.Name) is { } kind ? [kind.One, kind.Many] : null,
    };

    // A list that is written without brackets has no syntax of its own.
    private static Location PlaceOf(IInvocationOperation call) =>
        call.Syntax is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments }
            ? Location.Create(call.Syntax.SyntaxTree, arguments.Span)
            : call.Syntax.GetLocation();

    // What is computed, or different for every example, may be any number.
    private static int? Count(IInvocationOperation call) => CountOf(ExperimentSyntax.Plain(call.Arguments.Last().Value));

    private static int? CountOf(IOperation value) => value switch
    {
        ICollectionExpressionOperation list => list.Elements.Any(element => element is ISpreadOperation) ? null : list.Elements.Length,
        IArrayCreationOperation { Initializer.ElementValues.Length: var length } => length,
        IInvocationOperation { TargetMethod: { Name: "Of", IsStatic: true } method, Arguments: [var only] } when LibraryTypes.Owns(method) =>
            CountOf(ExperimentSyntax.Plain(only.Value)),
        _ when WrittenIndex.In(value).ToArray() is [var index] => index.Count,
        _ when HeadSteps.CountedBy(value.Type) is not null => 1,
        _ => null,
    };
}
