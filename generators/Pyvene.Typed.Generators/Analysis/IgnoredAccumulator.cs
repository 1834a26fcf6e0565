using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds folds over experiments that begin anew with every item, so that only the last item's steps are left.</summary>
internal static class IgnoredAccumulator
{
    /// <summary>Returns the name of the accumulator that a call of <c>Aggregate</c> never reads, or <see langword="null"/>.</summary>
    /// <param name="call">The call.</param>
    public static (IOperation Place, string Name, string Remedy)? In(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Aggregate", ContainingType.Name: "Enumerable" }
        && call.Arguments.Select(argument => argument.Value).OfType<IDelegateCreationOperation>().FirstOrDefault() is
            { Target: IAnonymousFunctionOperation { Symbol.Parameters: [{ Name: not "_" } accumulator, var item] } function }
        && IsExperiment(accumulator.Type) && !IsExperiment(item.Type)
        && Reads(function.Body, item) && !Reads(function.Body, accumulator)
            ? (function, accumulator.Name, $"go on from it: ({accumulator.Name}, {item.Name}) => {accumulator.Name}.…")
            : null;

    /// <summary>
    /// Returns the variable that a loop sets anew with every item, and reads only behind it; or <see langword="null"/>.
    /// </summary>
    /// <param name="assignment">An assignment.</param>
    public static (IOperation Place, string Name, string Remedy)? In(ISimpleAssignmentOperation assignment) =>
        assignment is { Target: ILocalReferenceOperation { Local: { IsForEach: false } local }, Parent: IExpressionStatementOperation statement }
        && IsExperiment(local.Type)
        && LoopOf(statement) is { } loop
        && assignment.Value.Descendants().OfType<ILocalReferenceOperation>().Any(read => loop.Locals.Any(item => Same(read.Local, item)))
        && DeclaredBefore(loop, local)
        && UsesOf(local, loop).Count() == 1
        && !UsesOf(local, Root(loop)).Any(use => IsInFunction(use, Root(loop)))
        && !loop.Descendants().Any(part => part is IBranchOperation or IReturnOperation)
            ? (assignment, local.Name, $"go on from it: {local.Name} = {local.Name}.…")
            : null;

    /// <summary>
    /// Returns where a function begins an experiment anew, and the only experiment that it is given, and never reads; or <see langword="null"/>.
    /// </summary>
    /// <param name="body">The function's body.</param>
    /// <param name="function">The function.</param>
    public static (IOperation Place, string Name)? In(IOperation body, IMethodSymbol function) =>
        IsExperiment(function.ReturnType)
        && function is { IsVirtual: false, IsOverride: false, IsAbstract: false }
        && !function.ContainingType.AllInterfaces.SelectMany(contract => contract.GetMembers(function.Name)).Any()
        && function.Parameters.Where(parameter => IsExperiment(parameter.Type)).ToArray() is [{ RefKind: RefKind.None } given]
        && !given.Name.StartsWith("_", System.StringComparison.Ordinal)
        && SameModel(given.Type, function.ReturnType)
        && !Reads(body, given)
        && body.Descendants().OfType<IPropertyReferenceOperation>().FirstOrDefault(begun => begun.Property is { Name: "Experiment", IsStatic: true }
            && IsExperiment(begun.Type!) && begun.Parent is IInvocationOperation or IArgumentOperation) is { } place
            ? (place, given.Name)
            : null;

    private static bool SameModel(ITypeSymbol one, ITypeSymbol other) =>
        Same(((INamedTypeSymbol)one).TypeArguments[0], ((INamedTypeSymbol)other).TypeArguments[0]);

    // Behind a condition the last item that fits may be what is meant.
    private static IForEachLoopOperation? LoopOf(IExpressionStatementOperation statement) => statement.Parent switch
    {
        IForEachLoopOperation loop => loop,
        IBlockOperation { Parent: IForEachLoopOperation loop } => loop,
        _ => null,
    };

    private static IEnumerable<ILocalReferenceOperation> UsesOf(ILocalSymbol local, IOperation part) =>
        part.Descendants().OfType<ILocalReferenceOperation>().Where(use => Same(use.Local, local));

    // A function that reads it may be called in the loop.
    private static bool IsInFunction(IOperation use, IOperation root)
    {
        for (var part = use; part != root && part is not null; part = part.Parent)
        {
            if (part is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    private static IOperation Root(IOperation part)
    {
        while (part.Parent is { } parent) part = parent;
        return part;
    }

    private static bool DeclaredBefore(IForEachLoopOperation loop, ILocalSymbol local) =>
        local.DeclaringSyntaxReferences is [var declared] && !loop.Syntax.Span.Contains(declared.Span);

    private static bool Reads(IOperation body, IParameterSymbol parameter) =>
        body.Descendants().OfType<IParameterReferenceOperation>().Any(read => Same(read.Parameter, parameter));

    private static bool IsExperiment(ITypeSymbol type) => type is INamedTypeSymbol { Name: "Experiment", Arity: 2 } && LibraryTypes.Owns(type);

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
