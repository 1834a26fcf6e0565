using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds modules that are run with <c>forward</c>, which no hook sees and so no intervention.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallModulesAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.ForwardSkipsHooks)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types) =>
        start.RegisterOperationAction(Check, OperationKind.Invocation, OperationKind.MethodReference);

    private static void Check(OperationAnalysisContext context)
    {
        var (method, instance) = context.Operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Instance),
            IMethodReferenceOperation reference => (reference.Method, reference.Instance),
            _ => default,
        };

        // A class may well use its own forward, and its base's: its hooks have run by then.
        if (method is not { Name: "forward" } || instance is null or IInstanceReferenceOperation || !IsOfModule(method)) return;

        var name = context.Operation.Syntax is InvocationExpressionSyntax invocation ? NameOf(invocation.Expression) : NameOf(context.Operation.Syntax);
        if (name is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.ForwardSkipsHooks,
                name.GetLocation(),
                ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Name, "call"),
                instance.Syntax.ToString()));
        }
    }

    // Only what overrides Module<…>.forward has a call of the same form.
    private static bool IsOfModule(IMethodSymbol method)
    {
        var root = method;
        while (root.OverriddenMethod is { } overridden) root = overridden;
        return root.ContainingType is { Name: "Module", Arity: > 0 } && TorchTypes.IsModule(root.ContainingType);
    }

    private static SimpleNameSyntax? NameOf(SyntaxNode syntax) => syntax switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        _ => null,
    };
}
