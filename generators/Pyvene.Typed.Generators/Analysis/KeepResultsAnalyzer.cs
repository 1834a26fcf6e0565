using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds steps on immutable values whose result nobody keeps, also in a fold, and streams that nobody reads, so that they do nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeepResultsAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.DroppedResult)
{
    private const string Dropped = "changes nothing, it returns a new value, which is dropped here; ";
    private const string ReadStream = "it runs while it is read: await foreach (var piece in …)";
    private const string ReadQuery = "it runs while it is read: foreach (var item in …)";

    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        if (types.Pure is not { } pure) return;
        start.RegisterOperationAction(operation => Check(operation, pure), OperationKind.ExpressionStatement);
        start.RegisterOperationAction(CheckStream, OperationKind.VariableDeclarator);
        start.RegisterOperationAction(
            operation => ReportAccumulator(operation, IgnoredAccumulator.In((IInvocationOperation)operation.Operation)), OperationKind.Invocation);
        start.RegisterOperationAction(
            operation => ReportAccumulator(operation, IgnoredAccumulator.In((ISimpleAssignmentOperation)operation.Operation)),
            OperationKind.SimpleAssignment);
        start.RegisterOperationAction(CheckFunction, OperationKind.MethodBody, OperationKind.LocalFunction);
    }

    // static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource> e, int layer) => Gpt2.Experiment.Zero(…), whose caller loses what it has built.
    private static void CheckFunction(OperationAnalysisContext context)
    {
        var function = context.Operation is ILocalFunctionOperation { Symbol: var local } ? local : (IMethodSymbol)context.ContainingSymbol;
        if (IgnoredAccumulator.In(context.Operation, function) is not var (place, name)) return;
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.DroppedResult,
            place.Syntax.GetLocation(),
            name,
            $"is never read, so that what '{function.Name}' is given is dropped; go on from it: {name}.…"));
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol pure)
    {
        var expression = ((IExpressionStatementOperation)context.Operation).Operation;
        if (expression is IConditionalAccessOperation conditional) expression = conditional.WhenNotNull;
        if (expression is not IInvocationOperation { TargetMethod: var method } call) return;

        var declared = (method.ReducedFrom ?? method).OriginalDefinition;
        var runsLater = IsUnreadStream(method) || IsUnreadQuery(call);
        if (!runsLater && (!LibraryTypes.Owns(declared) || declared.FindAttribute(pure) is null)) return;

        var target = runsLater ? null : DroppedStep.TargetOf(call);
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.DroppedResult,
            call.Syntax.GetLocation(),
            target is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Target, target),
            method.Name,
            Dropped
                + (IsUnreadStream(method) ? ReadStream : runsLater ? ReadQuery : target is null ? "keep it in a variable" : $"assign it: {target} = …")));
    }

    // layers.Aggregate(Gpt2.Experiment, (experiment, layer) => Gpt2.Experiment.Zero(layer.MlpOutput)), of which the last layer is left.
    private static void ReportAccumulator(OperationAnalysisContext context, (IOperation Place, string Name, string Remedy)? ignored)
    {
        if (ignored is not var (place, name, remedy)) return;
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.DroppedResult,
            place.Syntax.GetLocation(),
            name,
            $"is made anew with every item, so that all but the last are dropped; {remedy}"));
    }

    // A stream in a local that nothing names again is as dropped as one in no local.
    private static void CheckStream(OperationAnalysisContext context)
    {
        var declarator = (IVariableDeclaratorOperation)context.Operation;
        if (declarator.GetVariableInitializer()?.Value is not IInvocationOperation { TargetMethod: var method } call
            || !IsUnreadStream(method))
        {
            return;
        }

        IOperation root = declarator;
        while (root.Parent is { } parent) root = parent;
        if (root.Descendants().OfType<ILocalReferenceOperation>().Any(use => SymbolEqualityComparer.Default.Equals(use.Local, declarator.Symbol))) return;
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.DroppedResult, call.Syntax.GetLocation(), method.Name, Dropped + ReadStream));
    }

    private static bool IsUnreadStream(IMethodSymbol method) => LibraryTypes.Owns(method) && OwnedValue.IsStream(method.ReturnType);

    // texts.Select(text => model.Run(…)), of which nothing runs.
    private static bool IsUnreadQuery(IInvocationOperation call) =>
        call.TargetMethod is { ContainingType: { Name: "Enumerable" }, ReturnType.Name: "IEnumerable" }
        && call.Descendants().OfType<IInvocationOperation>().Any(inner => LibraryTypes.Owns(inner.TargetMethod));
}
