using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows the locals of a body that a block disposes at its end: with <c>using</c> in any form, or in a <c>finally</c>.</summary>
internal sealed class DisposedLocals
{
    private static readonly string[] TakingBack = ["Clear", "Dequeue", "Pop", "Remove", "TryDequeue", "TryPop", "TryRemove", "TryTake"];

    private readonly Body body;
    private readonly Dictionary<ILocalSymbol, SyntaxNode> scopes = new(SymbolEqualityComparer.Default);

    /// <summary>Looks for them.</summary>
    /// <param name="body">The body.</param>
    public DisposedLocals(Body body)
    {
        this.body = body;
        foreach (var operation in body.Operations)
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Symbol: { IsUsing: true } local, Syntax: var declared } when MayOwn(local.Type):
                    Add(local, declared.Ancestors().FirstOrDefault(Disposes));
                    break;
                case IUsingOperation { Resources: var resource, Syntax: var block }
                    when ExperimentSyntax.Plain(resource) is ILocalReferenceOperation { Local: var local }:
                    Add(local, block);
                    break;
                case ITryOperation { Finally.Operations: var last, Syntax: TryStatementSyntax { Block: var block } }:
                    foreach (var local in last.Select(DisposedBy).OfType<ILocalSymbol>()) Add(local, block);
                    break;
            }
        }
    }

    /// <summary>Gets whether there is none.</summary>
    public bool IsEmpty => scopes.Count == 0;

    /// <summary>Returns the block at whose end a local is disposed, or <see langword="null"/> when none does, or the place is not in it.</summary>
    /// <param name="local">The local.</param>
    /// <param name="place">Where it is used.</param>
    public SyntaxNode? ScopeOf(ILocalSymbol local, SyntaxNode place) =>
        scopes.TryGetValue(local, out var scope) && scope.Span.Contains(place.Span) ? scope : null;

    /// <summary>Returns whether what is put somewhere in a scope is certainly there, and read, behind it.</summary>
    /// <param name="target">A field, a local, a parameter, a property, or an item of one of them.</param>
    /// <param name="store">What puts it there.</param>
    /// <param name="scope">The scope.</param>
    public bool IsReadBehind(IOperation target, IOperation store, SyntaxNode scope)
    {
        if (RootOf(target) is not { } root) return false;
        var isPart = !ReferenceEquals(root, ExperimentSyntax.Plain(target));
        switch (root)
        {
            case ILocalReferenceOperation { Local: var holder }:
                var uses = body.Operations.OfType<ILocalReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Local, holder)).ToArray();
                if (uses.Any(IsTakenBack)) return false;
                if (holder.DeclaringSyntaxReferences is not [var reference]) return false;
                var made = reference.GetSyntax();
                if (made.SyntaxTree != scope.SyntaxTree) return false;
                return scope.Span.Contains(made.Span)
                    ? (isPart || store is IInvocationOperation) && uses.Any(use => IsReturnedWhole(use, scope))
                    : !IsSetBehind(holder, store)
                        && uses.Any(use => use.Syntax.SpanStart > scope.Span.End && Reads(use) && !IsInFunction(use, scope));
            case IParameterReferenceOperation { Parameter: var parameter }
                when isPart || store is IInvocationOperation || parameter.RefKind is RefKind.Out or RefKind.Ref:
                return !body.Operations.OfType<IParameterReferenceOperation>()
                    .Any(use => SymbolEqualityComparer.Default.Equals(use.Parameter, parameter) && IsTakenBack(use))
                    && IsLastWord(root, store);
            case IMemberReferenceOperation { Member: var member } when HeldValues.HoldsAsGiven(member):
                return !body.Operations.OfType<IMemberReferenceOperation>()
                    .Any(use => SymbolEqualityComparer.Default.Equals(use.Member, member) && IsTakenBack(use))
                    && !CallsOwn(member.ContainingType, scope)
                    && IsLastWord(root, store);
            default:
                return false;
        }
    }

    private static bool Disposes(SyntaxNode node) => node is UsingStatementSyntax or BlockSyntax or SwitchSectionSyntax or CompilationUnitSyntax;

    private static bool MayOwn(ITypeSymbol type) => LibraryTypes.Owns(type) || type.BaseType is not null;

    private static ILocalSymbol? DisposedBy(IOperation statement)
    {
        var disposed = (statement as IExpressionStatementOperation)?.Operation switch
        {
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "Dispose" } } access => access.Operation,
            IInvocationOperation { TargetMethod.Name: "Dispose", Instance: { } instance } => instance,
            _ => null,
        };
        return (disposed as ILocalReferenceOperation)?.Local;
    }

    // The local, the parameter or the own member that a target lies in.
    private static IOperation? RootOf(IOperation target) => ExperimentSyntax.Plain(target) switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation => ExperimentSyntax.Plain(target),
        IArrayElementReferenceOperation element => RootOf(element.ArrayReference),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection } =>
            HeldValues.IsOfNet(collection.Type) ? RootOf(collection) : null,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } own => own,
        IMemberReferenceOperation { Instance: { Type.IsReferenceType: true } owner, Member: var member } when HeldValues.HoldsAsGiven(member) => RootOf(owner),
        _ => null,
    };

    private static bool IsTakenBack(IOperation use) =>
        use.Parent is IInvocationOperation { TargetMethod.Name: var name, Instance: var instance } && ReferenceEquals(instance, use)
        && TakingBack.Any(word => name.StartsWith(word, StringComparison.Ordinal));

    private static bool Reads(ILocalReferenceOperation use) => use.Parent switch
    {
        IAssignmentOperation assignment => !ReferenceEquals(assignment.Target, use),
        IPropertyReferenceOperation { Property.Name: "Count" or "Length" } => false,
        INameOfOperation or IArgumentOperation { Parameter.RefKind: RefKind.Out } => false,
        _ => true,
    };

    private static bool IsReturnedWhole(ILocalReferenceOperation use, SyntaxNode scope)
    {
        IOperation value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or ITupleOperation) value = value.Parent;
        return value.Parent is IReturnOperation { Kind: OperationKind.Return } && scope.Span.Contains(use.Syntax.Span) && !IsInFunction(use, scope);
    }

    private static bool IsInFunction(IOperation use, SyntaxNode scope)
    {
        for (var current = use.Parent; current is not null && !current.Syntax.Span.Contains(scope.Span); current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    // Nothing else sets the same: what is set and reset around a call stands there for that call alone.
    private bool IsLastWord(IOperation root, IOperation store) => store is not IAssignmentOperation
        || body.Operations.OfType<IAssignmentOperation>()
            .All(other => ReferenceEquals(other, store) || RootOf(other.Target) is not { } target || !IsSame(target, root));

    private bool IsSetBehind(ILocalSymbol holder, IOperation store) => store is not IInvocationOperation && body.Operations.OfType<IAssignmentOperation>()
        .Any(other => other.Syntax.SpanStart > store.Syntax.SpanStart
            && other.Target is ILocalReferenceOperation { Local: var set }
            && SymbolEqualityComparer.Default.Equals(set, holder));

    private static bool IsSame(IOperation left, IOperation right) => (left, right) switch
    {
        (IParameterReferenceOperation a, IParameterReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Parameter, b.Parameter),
        (IMemberReferenceOperation a, IMemberReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Member, b.Member),
        _ => false,
    };

    private bool CallsOwn(INamedTypeSymbol type, SyntaxNode scope) => body.Operations.OfType<IInvocationOperation>()
        .Any(call => scope.Span.Contains(call.Syntax.Span) && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, type));

    private void Add(ILocalSymbol local, SyntaxNode? scope)
    {
        if (scope is not null && !scopes.ContainsKey(local)) scopes.Add(local, scope);
    }
}
