using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows the dispose scopes of TorchSharp in a body, and which tensors that are computed from a run's they take away.</summary>
internal sealed class TensorScopes
{
    private readonly Body body;
    private readonly List<(int Start, SyntaxNode Block)> scopes = [];

    /// <summary>Looks for them; where the body moves a tensor out of a scope, all of them are left to its author.</summary>
    /// <param name="body">The body.</param>
    public TensorScopes(Body body)
    {
        this.body = body;
        foreach (var call in body.Operations.OfType<IInvocationOperation>().Where(IsOfScopes))
        {
            if (call.TargetMethod.Name is not ("NewDisposeScope" or "Dispose"))
            {
                scopes.Clear();
                return;
            }

            if (BlockOf(call.Syntax) is { } block) scopes.Add((call.Syntax.SpanStart, block));
        }
    }

    /// <summary>Gets whether there is none.</summary>
    public bool IsEmpty => scopes.Count == 0;

    /// <summary>Returns the block at whose end a scope disposes a value, or <see langword="null"/> when that is not certain.</summary>
    /// <param name="value">The value.</param>
    /// <param name="use">What returns or stores it.</param>
    public SyntaxNode? ScopeOf(IOperation value, IOperation use) =>
        Computed(value) is { } made && IsOfRun(made, 0)
            ? scopes.Where(scope => scope.Start < made.Syntax.SpanStart && scope.Block.Span.Contains(made.Syntax.Span)
                && scope.Block.Span.Contains(use.Syntax.Span) && IsSameFunction(use.Syntax, scope.Block)).Select(scope => scope.Block).FirstOrDefault()
            : null;

    private static bool IsOfScopes(IInvocationOperation call) => call.TargetMethod.ContainingAssembly?.Name == "TorchSharp"
        && (call.TargetMethod.Name.Contains("DisposeScope") || call.Instance?.Type?.Name == "DisposeScope"
            || call.Arguments.Any(argument => ExperimentSyntax.Plain(argument.Value).Type?.Name == "DisposeScope"));

    private static SyntaxNode? BlockOf(SyntaxNode call) => call.Parent switch
    {
        UsingStatementSyntax { Expression: { } resource } statement when resource == call => statement,
        EqualsValueClauseSyntax { Parent.Parent.Parent: UsingStatementSyntax statement } => statement,
        EqualsValueClauseSyntax { Parent.Parent.Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, Parent: BlockSyntax block } } => block,
        _ => null,
    };

    // A call or an operator of TorchSharp, also by the local that holds what it gives.
    private IOperation? Computed(IOperation value) => ExperimentSyntax.Plain(value) switch
    {
        ILocalReferenceOperation { Local: { IsUsing: false } local, Type.Name: "Tensor" } when body.Experiments.ValueOf(local) is { } held
            && held is not ILocalReferenceOperation => Computed(held),
        IInvocationOperation { Type.Name: "Tensor", TargetMethod.ContainingAssembly.Name: "TorchSharp" } call => call,
        IBinaryOperation { Type.Name: "Tensor" } sum => sum,
        _ => null,
    };

    private bool IsOfRun(IOperation value, int depth) => depth < 16 && (ExperimentSyntax.Plain(value) switch
    {
        IInvocationOperation { TargetMethod.ContainingAssembly.Name: "TorchSharp" } call =>
            (call.Instance is { } instance && IsOfRun(instance, depth + 1))
            || call.Arguments.Any(argument => argument.Value.Type?.Name == "Tensor" && IsOfRun(argument.Value, depth + 1)),
        IInvocationOperation { Type.Name: "Tensor" } call => LibraryTypes.Owns(call.TargetMethod) && ExperimentSyntax.ReceiverOf(call) is { } run
            && OwnedValue.IsOwner(run.Type),
        IBinaryOperation sum => IsOfRun(sum.LeftOperand, depth + 1) || IsOfRun(sum.RightOperand, depth + 1),
        IPropertyReferenceOperation { Type.Name: "Tensor", Instance: { } owner } => OwnedValue.IsOwner(owner.Type) || IsOfRun(owner, depth + 1),
        ILocalReferenceOperation { Local: var local } => body.Experiments.ValueOf(local) is { } held and not ILocalReferenceOperation
            && IsOfRun(held, depth + 1),
        _ => false,
    });

    private static bool IsSameFunction(SyntaxNode use, SyntaxNode block) =>
        !use.Ancestors().TakeWhile(node => node != block).Any(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
}
