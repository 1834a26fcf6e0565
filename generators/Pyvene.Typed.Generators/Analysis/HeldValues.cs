using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Reads which values another holds as they are, such as the items of a tuple or what a function reads later, and where values are put.</summary>
internal static class HeldValues
{
    private static readonly string[] Adding = ["Add", "AddLast", "AddFirst", "Enqueue", "Insert", "Push", "TryAdd"];

    private static readonly string[] Starting = ["Run", "StartNew"];

    /// <summary>Returns the value itself, or what a tuple, a record, an array, a collection, a function or a query is made of.</summary>
    /// <param name="operation">The value.</param>
    public static IEnumerable<IOperation> In(IOperation operation) => IsCopy(operation) ? [] : ExperimentSyntax.Plain(operation) switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(In),
        IConditionalOperation { WhenFalse: { } other } either => In(either.WhenTrue).Concat(In(other)),
        ICoalesceOperation either => In(either.Value).Concat(In(either.WhenNull)),
        ISwitchExpressionOperation choice => choice.Arms.SelectMany(arm => In(arm.Value)),
        IArrayCreationOperation { Initializer: { } items } => items.ElementValues.SelectMany(In),
        ICollectionExpressionOperation collection => collection.Elements.Where(element => element is not ISpreadOperation).SelectMany(In),
        IObjectCreationOperation made => made.Arguments.Where(argument => Keeps(made, argument)).Select(argument => argument.Value)
            .Concat(made.Initializer?.Initializers.SelectMany(Given) ?? []).SelectMany(In),
        IAnonymousObjectCreationOperation made => made.Initializers.OfType<ISimpleAssignmentOperation>().SelectMany(item => In(item.Value)),
        IWithOperation { Initializer.Initializers: var changes } => changes.SelectMany(Given).SelectMany(In),
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation function } => ReadIn(function),
        IAnonymousFunctionOperation function => ReadIn(function),
        ITranslatedQueryOperation query => In(query.Operation),
        IInvocationOperation call => In(call),
        var value => [value],
    };

    /// <summary>Returns what an operation puts somewhere, and where: an assignment, or an item that a collection of .NET takes.</summary>
    /// <param name="operation">Any operation.</param>
    public static IEnumerable<(IOperation Value, IOperation Target)> StoredBy(IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation { Parent: not IObjectOrCollectionInitializerOperation } assignment => [(assignment.Value, assignment.Target)],
        ICoalesceAssignmentOperation assignment => [(assignment.Value, assignment.Target)],
        IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment
            when ExperimentSyntax.Plain(assignment.Value) is ITupleOperation items =>
            items.Elements.Zip(targets.Elements, (item, target) => (item, target)),
        IInvocationOperation { TargetMethod.Name: var name, Instance: { } collection } call
            when Adding.Contains(name) && IsOfNet(collection.Type) && call.Parent is not IObjectOrCollectionInitializerOperation =>
            call.Arguments.Select(argument => (argument.Value, ExperimentSyntax.Plain(collection))),
        _ => [],
    };

    /// <summary>Returns whether a call starts work on another thread and gives the task of it.</summary>
    /// <param name="call">The call.</param>
    public static bool StartsTask(IInvocationOperation call) =>
        Starting.Contains(call.TargetMethod.Name)
        && call.TargetMethod.ContainingType is { Name: "Task" or "TaskFactory" } type
        && IsIn(type, "System.Threading.Tasks");

    /// <summary>Returns whether a type is an array or a collection of .NET.</summary>
    /// <param name="type">The type.</param>
    public static bool IsOfNet(ITypeSymbol? type) => type is IArrayTypeSymbol
        || type?.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", System.StringComparison.Ordinal) == true;

    /// <summary>Returns whether a field or a property holds what it is given as it is.</summary>
    /// <param name="member">The member.</param>
    public static bool HoldsAsGiven(ISymbol member) => member is IFieldSymbol
        || (member is IPropertySymbol { IsIndexer: false, DeclaringSyntaxReferences: [var declared] } && declared.GetSyntax() switch
        {
            ParameterSyntax => true,
            PropertyDeclarationSyntax { AccessorList.Accessors: var accessors } => accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }),
            _ => false,
        });

    // A conversion that a type declares makes something new: a constant of a tensor has values of its own.
    private static bool IsCopy(IOperation operation) =>
        operation is IConversionOperation conversion && (conversion.OperatorMethod is not null || IsCopy(conversion.Operand));

    // Values that a call wraps, and those that a lazy query or a task reads when the block is left.
    private static IEnumerable<IOperation> In(IInvocationOperation call) => call.TargetMethod switch
    {
        { Name: "Create", ContainingType.Name: "Tuple" or "ValueTuple" or "KeyValuePair" }
            or { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" } => call.Arguments.SelectMany(argument => In(argument.Value)),
        _ when StartsTask(call) || IsLazy(call.TargetMethod) => call.Arguments.SelectMany(argument => ExperimentSyntax.Plain(argument.Value) is var value
            && value is IDelegateCreationOperation or IAnonymousFunctionOperation or ITranslatedQueryOperation or IInvocationOperation ? In(value) : []),
        _ => [call],
    };

    private static bool IsLazy(IMethodSymbol method) =>
        method.ContainingType is { Name: "Enumerable" } type && IsIn(type, "System.Linq") && method.ReturnType.Name is "IEnumerable" or "IOrderedEnumerable";

    private static bool Keeps(IObjectCreationOperation made, IArgumentOperation argument)
    {
        if (made.Type is { Name: "KeyValuePair" or "Tuple" or "ValueTuple" or "ValueTask", ContainingAssembly.Name: var assembly }
            && assembly.StartsWith("System.", System.StringComparison.Ordinal))
        {
            return true;
        }

        return argument.Parameter is { DeclaringSyntaxReferences: [var declared] } parameter
            && declared.GetSyntax() is { Parent.Parent: RecordDeclarationSyntax }
            && made.Type!.GetMembers(parameter.Name).Any(member => member.OriginalDefinition.DeclaringSyntaxReferences is [var written]
                && written.GetSyntax() is ParameterSyntax);
    }

    private static IEnumerable<IOperation> Given(IOperation initializer) => initializer switch
    {
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsIndexer: true } indexer } } item =>
            IsOfNet(indexer.ContainingType) ? [item.Value] : [],
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } item =>
            HoldsAsGiven(member.OriginalDefinition) ? [item.Value] : [],
        IInvocationOperation { TargetMethod: { Name: "Add" } method } call when IsOfNet(method.ContainingType) =>
            call.Arguments.Select(argument => argument.Value),
        _ => [],
    };

    private static IEnumerable<IOperation> ReadIn(IAnonymousFunctionOperation function) => function.Body.Descendants()
        .Where(part => part is ILocalReferenceOperation && part.Parent is not INameOfOperation)
        .GroupBy(part => ((ILocalReferenceOperation)part).Local, SymbolEqualityComparer.Default)
        .Select(uses => uses.First());

    private static bool IsIn(ITypeSymbol type, string space) => type.ContainingNamespace.ToDisplayString() == space;
}
