using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>
/// Finds runs, tensors of runs, plans, streams, and experiments with what learns, that leave the block that disposes them (returned, or kept in a field, an
/// outer local or a collection), are read by a function that runs later, or behind their <c>Dispose</c>.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadBeforeDisposalAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.ReadDisposed)
{
    private const string LeaveOut = "leave 'using' out, and let the caller dispose it";

    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        CheckTaken(context, body);
        var disposed = new DisposedLocals(body);
        if (!disposed.IsEmpty)
        {
            foreach (var operation in body.Operations)
            {
                if (operation is IReturnOperation { ReturnedValue: not null } returned) CheckReturned(context, body, disposed, returned);
                else if (operation is IInvocationOperation call && DroppedTask.Reads(call, body, disposed) is { } read) Report(context, read, "await the task");
                foreach (var (stored, target) in HeldValues.StoredBy(operation)) CheckStored(context, body, disposed, operation, stored, target);
            }
        }

        foreach (var dispose in body.CallsOf("Dispose"))
        {
            if (ExperimentSyntax.ReceiverOf(dispose) is not ILocalReferenceOperation { Local: var local } || !OwnedValue.IsOwner(local.Type)) continue;
            if (dispose.Parent is not IExpressionStatementOperation { Parent: IBlockOperation block } statement) continue;
            var behind = block.Operations.SkipWhile(other => !ReferenceEquals(other, statement)).Skip(1).SelectMany(other => other.DescendantsAndSelf());
            if (FirstUse(behind, local) is { } use) Report(context, use, $"move {dispose.Syntax} behind it, or write 'using' before '{local.Name}' instead");
        }
    }

    private static void CheckTaken(OperationBlockAnalysisContext context, Body body)
    {
        var scopes = new TensorScopes(body);
        if (scopes.IsEmpty) return;
        var disposed = new DisposedLocals(body);
        foreach (var operation in body.Operations)
        {
            if (operation is IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } returned })
            {
                foreach (var value in HeldValues.In(returned).Where(value => scopes.ScopeOf(value, operation) is not null)) ReportTaken(value, "return");
            }

            foreach (var (stored, target) in HeldValues.StoredBy(operation))
            {
                foreach (var value in HeldValues.In(stored))
                {
                    if (scopes.ScopeOf(value, operation) is { } scope && disposed.IsReadBehind(target, operation, scope)) ReportTaken(value, "keep");
                }
            }
        }

        void ReportTaken(IOperation value, string verb) =>
            Report(context, value, $"its dispose scope takes it away; {verb} {value.Syntax}.MoveToOuterDisposeScope()");
    }

    private static void CheckReturned(OperationBlockAnalysisContext context, Body body, DisposedLocals disposed, IReturnOperation returned)
    {
        var function = FunctionOf(returned) ?? context.OwningSymbol;
        foreach (var value in HeldValues.In(returned.ReturnedValue!))
        {
            var learned = LearnedIn(value);
            if ((OwnedValue.OwnerOf(value, body) ?? learned) is not { Local: var local } || disposed.ScopeOf(local, returned.Syntax) is null) continue;
            if (!SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, function)) continue;
            if (returned.Kind == OperationKind.YieldReturn && !IteratorUse.IsReadLater(function, body)) continue;
            Report(context, learned ?? value, learned is not null ? LeaveOut : RemedyFor(value, returned.Syntax, "return"));
        }
    }

    private static void CheckStored(
        OperationBlockAnalysisContext context, Body body, DisposedLocals disposed, IOperation store, IOperation stored, IOperation target)
    {
        foreach (var value in HeldValues.In(stored))
        {
            if (OwnedValue.OwnerOf(value, body) is { Local: var local }
                && disposed.ScopeOf(local, store.Syntax) is { } scope
                && disposed.IsReadBehind(target, store, scope))
            {
                Report(context, value, RemedyFor(value, store.Syntax, "keep"));
            }
        }
    }

    private static string RemedyFor(IOperation value, SyntaxNode whole, string verb) => value switch
    {
        ILocalReferenceOperation when value.Syntax.Ancestors().TakeWhile(node => node != whole).Any(node => node is AnonymousFunctionExpressionSyntax) =>
            "what reads it runs later; run it here, with ToList() or await, or leave 'using' out",
        ILocalReferenceOperation { Type.Name: "Tensor" } or IPropertyReferenceOperation { Type.Name: "Tensor" } =>
            $"{verb} a copy of your own, {value.Syntax}.clone()",
        IPropertyReferenceOperation => $"{verb} copies of your own, {value.Syntax}.Select(value => value.clone()).ToArray()",
        IInvocationOperation => "what it returns reads it later; leave 'using' out, and let the caller dispose it",
        _ => verb == "return" ? LeaveOut : "leave 'using' out, and dispose it where it is not read any more",
    };

    // An experiment with a module of an intervention that learns.
    private static ILocalReferenceOperation? LearnedIn(IOperation value) => value.Type is { Name: "Experiment" } experiment && LibraryTypes.Owns(experiment)
        ? value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().FirstOrDefault(use => use.Local.IsUsing && IsLearned(use.Type))
        : null;

    private static bool IsLearned(ITypeSymbol? type) =>
        type is not null && ((type.Name == "InterventionModule" && LibraryTypes.Owns(type)) || IsLearned(type.BaseType));

    private static ISymbol? FunctionOf(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation { Symbol: var lambda }) return lambda;
            if (current is ILocalFunctionOperation { Symbol: var function }) return function;
        }

        return null;
    }

    // A local that gets another value behind its disposal is another thing.
    private static ILocalReferenceOperation? FirstUse(IEnumerable<IOperation> operations, ILocalSymbol local)
    {
        var use = operations.OfType<ILocalReferenceOperation>().FirstOrDefault(other => SymbolEqualityComparer.Default.Equals(other.Local, local));
        return use?.Parent is IAssignmentOperation or IInvocationOperation { TargetMethod.Name: "Dispose" }
            or IArgumentOperation { Parameter.RefKind: not RefKind.None } ? null : use;
    }

    private static void Report(OperationBlockAnalysisContext context, IOperation place, string remedy) =>
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.ReadDisposed, place.Syntax.GetLocation(), place.Syntax.ToString(), remedy));
}
