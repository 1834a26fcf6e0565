using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds steps on immutable values whose result nobody keeps, so that they do nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeepResultsAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.DroppedResult)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        if (types.Pure is { } pure) start.RegisterOperationAction(operation => Check(operation, pure), OperationKind.ExpressionStatement);
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol pure)
    {
        var expression = ((IExpressionStatementOperation)context.Operation).Operation;
        if (expression is IConditionalAccessOperation conditional) expression = conditional.WhenNotNull;
        if (expression is not IInvocationOperation { TargetMethod: var method } call) return;

        var declared = (method.ReducedFrom ?? method).OriginalDefinition;
        if (!LibraryTypes.Owns(declared) || declared.FindAttribute(pure) is null) return;

        var target = DroppedStep.TargetOf(call);
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.DroppedResult,
            call.Syntax.GetLocation(),
            target is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Target, target),
            method.Name,
            target is null ? "keep it in a variable" : $"assign it: {target} = …"));
    }
}
