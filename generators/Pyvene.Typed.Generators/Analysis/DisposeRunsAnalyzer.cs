using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds runs, plans and models that are kept in a local or a query, read at once, or dropped, and certainly never disposed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DisposeRunsAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.Undisposed)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var uses = body.Operations.OfType<ILocalReferenceOperation>()
            .ToLookup(use => use.Local, (IEqualityComparer<ILocalSymbol>)SymbolEqualityComparer.Default);
        var queries = new UndisposedRuns(uses);
        foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => IsOwning(call.Type, body.Types)
            && !(HandsBack(call) && !ReturnedValues.AreNew(call.TargetMethod.OriginalDefinition, context.CancellationToken))))
        {
            if (RemedyFor(call, uses, queries) is not { } remedy) continue;
            var name = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Name, LastWord(call.Type!.Name));
            context.ReportDiagnostic(
                Diagnostic.Create(DiagnosticDescriptors.Undisposed, call.Syntax.GetLocation(), name, call.Type.Name, call.TargetMethod.Name, remedy));
        }
    }

    private static string? RemedyFor(IInvocationOperation call, ILookup<ILocalSymbol, ILocalReferenceOperation> uses, UndisposedRuns queries)
    {
        IOperation value = call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalOperation { Type: not null } or ICoalesceOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: { IsUsing: false } local } declarator }
                when declarator.Parent?.Parent is IVariableDeclarationGroupOperation && uses[local].All(KeepsOwnership) =>
                $"write 'using' before '{local.Name}'",
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { IsUsing: false } local } } assignment
                when ReferenceEquals(assignment.Value, value) && uses[local].All(KeepsOwnership) =>
                $"declare '{local.Name}' where it gets its value, with 'using'",
            ISimpleAssignmentOperation { Target: IDiscardOperation } or IExpressionStatementOperation => "keep it with 'using'",
            IInvocationOperation read when ReferenceEquals(read.Instance, value) && !Disposes(read) => "keep it in a local with 'using', and read that",
            IPropertyReferenceOperation => "keep it in a local with 'using', and read that",
            IReturnOperation when queries.AreOnlyRead(value) => "read what you need of it in the query, from a run with 'using', or make the runs in a loop",
            _ => null,
        };
    }

    // What experiments bind and run outlives every dispose scope. What models return does not, so a scope may well dispose it. A generated text owns tensors
    // only where a step collected: most have nothing to dispose.
    private static bool IsOwning(ITypeSymbol? type, LibraryTypes types) =>
        type is INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } named
        && LibraryTypes.Owns(named)
        && (named.ContainingNamespace.ToDisplayString() is "Pyvene.Typed" or "Pyvene.Typed.Engine")
        && named.Name != "GeneratedText"
        && named.AllInterfaces.Contains(types.Disposable, SymbolEqualityComparer.Default);

    // A check that returns what it was given makes nothing: who made it disposes it. Where the text of one is in sight, it says whether it does.
    private static bool HandsBack(IInvocationOperation call) =>
        call.Arguments.Any(argument =>
            argument.Parameter is { RefKind: not RefKind.Out } parameter && SymbolEqualityComparer.Default.Equals(parameter.Type, call.Type));

    // Everything but reading a member, or setting it again, may hand the value to somebody who disposes it.
    internal static bool KeepsOwnership(ILocalReferenceOperation use) => use.Parent switch
    {
        IInvocationOperation call => ReferenceEquals(call.Instance, use) && !Disposes(call),
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: "Run" } method } run } argument =>
            LibraryTypes.Owns(method) && ReferenceEquals(run.Arguments[0], argument),
        IPropertyReferenceOperation property => ReferenceEquals(property.Instance, use),
        ISimpleAssignmentOperation assignment => ReferenceEquals(assignment.Target, use),
        _ => false,
    };

    internal static bool Disposes(IInvocationOperation call) => call.TargetMethod.Name is "Dispose" or "DisposeAsync";

    private static string LastWord(string name) => name.Substring(name.ToList().FindLastIndex(char.IsUpper)).ToLowerInvariant();
}
