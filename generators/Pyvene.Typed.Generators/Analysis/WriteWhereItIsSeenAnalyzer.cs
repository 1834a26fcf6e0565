using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds steps whose work a later step of the same chain undoes: at the same place, or in the whole residual stream behind it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WriteWhereItIsSeenAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.UnseenWrite, DiagnosticDescriptors.ReplacedWrite)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types) =>
        start.RegisterOperationAction(operation => Check(operation, types), OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, LibraryTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        if (ExperimentSyntax.StepOf(call) is not { Replaces: true } last || new ExperimentSyntax([]).StepsOf(call, followsLocals: false) is not { } steps)
        {
            return;
        }

        // What looks at values in between has seen the first write, and what reads two sources in series writes into two runs.
        // A source that somebody leaves out replaces nothing; the run itself, which knows the sources, finds the other cases.
        if (last.Verb == "Interchange" && LeavesSourcesOut(call)) return;

        var inSeries = Root(call).DescendantsAndSelf()
            .Any(operation => operation is IInvocationOperation { TargetMethod: { Name: "InSeries" } method } && LibraryTypes.Owns(method));
        foreach (var first in steps.Take(steps.Length - 1)
            .Reverse()
            .TakeWhile(step => !step.MayObserve)
            .Where(step => !inSeries || SiteSyntax.ReadOneSource(step.Site, last.Site)))
        {
            if (SiteSyntax.IsCovered(first.Site, last.Site, types))
            {
                Report(DiagnosticDescriptors.ReplacedWrite, first, last);
            }
            else if (!steps.Any(step => step.MayObserve)
                && SiteSyntax.Of(last.Site, types) is { Component: "BlockOutput", IsWhole: true } stream
                && SiteSyntax.Of(first.Site, types) is { } place
                && place.IsBefore(stream))
            {
                Report(DiagnosticDescriptors.UnseenWrite, first, last);
            }
        }

        void Report(DiagnosticDescriptor rule, ExperimentStep first, ExperimentStep last) =>
            context.ReportDiagnostic(
                Diagnostic.Create(rule, first.Site.Syntax.GetLocation(), first.Verb, first.Site.Syntax.ToString(), last.Verb, last.Site.Syntax.ToString()));
    }

    private static bool LeavesSourcesOut(IOperation call) => call.Syntax.SyntaxTree.GetRoot().DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        .Any(access => access.Name.Identifier.ValueText == "Skip"
            && access.Expression.ToString() is var owner
            && (owner == "Source" || owner.EndsWith(".Source", StringComparison.Ordinal)));

    private static IOperation Root(IOperation operation)
    {
        while (operation.Parent is { } parent) operation = parent;
        return operation;
    }
}
