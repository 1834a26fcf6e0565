using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds runs, plans and models that are kept in a local, or dropped, and certainly never disposed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DisposeRunsAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.Undisposed)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var uses = body.Operations.OfType<ILocalReferenceOperation>().ToLookup(use => use.Local, (IEqualityComparer<ILocalSymbol>)SymbolEqualityComparer.Default);
        foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(call => IsOwning(call.Type, body.Types)))
        {
            var remedy = call.Parent switch
            {
                IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: { IsUsing: false } local } declarator }
                    when declarator.Parent?.Parent is IVariableDeclarationGroupOperation && uses[local].All(KeepsOwnership) =>
                    $"write 'using' before '{local.Name}'",
                IExpressionStatementOperation => "keep it with 'using'",
                _ => null,
            };
            if (remedy is not null)
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.Undisposed, call.Syntax.GetLocation(), call.Type!.Name, call.TargetMethod.Name, remedy));
            }
        }
    }

    // What experiments bind and run outlives every dispose scope. What models return does not, so a scope may well dispose it.
    private static bool IsOwning(ITypeSymbol? type, LibraryTypes types) =>
        type is INamedTypeSymbol named
        && LibraryTypes.Owns(named)
        && (named.ContainingNamespace.ToDisplayString() is "Pyvene.Typed" or "Pyvene.Typed.Engine")
        && named.AllInterfaces.Contains(types.Disposable, SymbolEqualityComparer.Default);

    // Everything but reading a member may hand the value to somebody who disposes it.
    private static bool KeepsOwnership(ILocalReferenceOperation use) => use.Parent switch
    {
        IInvocationOperation call => ReferenceEquals(call.Instance, use) && call.TargetMethod.Name is not ("Dispose" or "DisposeAsync"),
        IPropertyReferenceOperation property => ReferenceEquals(property.Instance, use),
        _ => false,
    };
}
