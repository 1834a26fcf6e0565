using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>
/// Finds runs, tensors of runs, and experiments with what learns, that are returned out of the block that disposes them, or read behind their <c>Dispose</c>.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadBeforeDisposalAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.ReadDisposed)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        foreach (var returned in body.Operations.OfType<IReturnOperation>())
        {
            if (returned.ReturnedValue is null) continue;
            var value = ExperimentSyntax.Plain(returned.ReturnedValue);
            var learned = LearnedIn(value);
            if ((OwnerOf(value) ?? learned) is not { Local: { IsUsing: true } local }) continue;
            if (!SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, FunctionOf(returned) ?? context.OwningSymbol)) continue;
            Report(context, learned ?? value, value is ILocalReferenceOperation || learned is not null
                ? "leave 'using' out, and let the caller dispose it"
                : $"return a copy of your own, {value.Syntax}.clone()");
        }

        foreach (var dispose in body.CallsOf("Dispose"))
        {
            if (ExperimentSyntax.ReceiverOf(dispose) is not ILocalReferenceOperation { Local: var local } || !IsOwner(local.Type)) continue;
            if (dispose.Parent is not IExpressionStatementOperation { Parent: IBlockOperation block } statement) continue;
            var behind = block.Operations.SkipWhile(other => !ReferenceEquals(other, statement)).Skip(1).SelectMany(other => other.DescendantsAndSelf());
            if (FirstUse(behind, local) is { } use) Report(context, use, $"move {dispose.Syntax} behind it, or write 'using' before '{local.Name}' instead");
        }
    }

    // run, run.Logits, run[handle]: what is disposed with the run.
    private static ILocalReferenceOperation? OwnerOf(IOperation value) => value switch
    {
        ILocalReferenceOperation local when IsOwner(local.Type) => local,
        IPropertyReferenceOperation { Instance: { } instance, Type.Name: "Tensor" } when ExperimentSyntax.Plain(instance) is ILocalReferenceOperation local
            && IsOwner(local.Type) => local,
        _ => null,
    };

    // An experiment with a module of an intervention that learns.
    private static ILocalReferenceOperation? LearnedIn(IOperation value) => value.Type is { Name: "Experiment" } experiment && LibraryTypes.Owns(experiment)
        ? value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().FirstOrDefault(use => use.Local.IsUsing && IsLearned(use.Type))
        : null;

    private static bool IsLearned(ITypeSymbol? type) =>
        type is not null && ((type.Name == "InterventionModule" && LibraryTypes.Owns(type)) || IsLearned(type.BaseType));

    private static bool IsOwner(ITypeSymbol? type) =>
        type is not null && LibraryTypes.Owns(type) && type.AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_IDisposable);

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
