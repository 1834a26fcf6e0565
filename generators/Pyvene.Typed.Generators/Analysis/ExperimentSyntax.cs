using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>
/// Reads the steps of experiments that one method builds in sight: from an architecture's empty experiment on, through locals that are set once.
/// </summary>
internal sealed class ExperimentSyntax
{
    private readonly Dictionary<ILocalSymbol, IOperation> values = new(SymbolEqualityComparer.Default);

    /// <summary>Initialises the reader.</summary>
    /// <param name="operations">All operations of the method.</param>
    public ExperimentSyntax(IReadOnlyCollection<IOperation> operations)
    {
        foreach (var declarator in operations.OfType<IVariableDeclaratorOperation>())
        {
            if (declarator.GetVariableInitializer() is { Value: var value }) values[declarator.Symbol] = value;
        }

        // What is set again may hold anything.
        foreach (var written in operations.Select(TargetOf).OfType<ILocalReferenceOperation>()) values.Remove(written.Local);
    }

    /// <summary>Returns what a local holds, or <see langword="null"/> when that is not in sight.</summary>
    /// <param name="local">The local.</param>
    public IOperation? ValueOf(ILocalSymbol local) => values.TryGetValue(local, out var value) ? Plain(value) : null;

    /// <summary>Returns the steps of an experiment, or <see langword="null"/> when not all are in sight.</summary>
    /// <param name="experiment">The expression.</param>
    /// <param name="followsLocals">Whether to look into locals too.</param>
    public ImmutableArray<ExperimentStep>? StepsOf(IOperation experiment, bool followsLocals = true) => Plain(experiment) switch
    {
        IPropertyReferenceOperation { Property: var property } when IsEmpty(property) => [],
        IInvocationOperation { TargetMethod: { Name: "On", IsStatic: true } method } when LibraryTypes.Owns(method) => [],
        IInvocationOperation { TargetMethod: { Name: "WithSources" or "InSeries" or "InParallel" } method } call when LibraryTypes.Owns(method)
            && ReceiverOf(call) is { } receiver => StepsOf(receiver, followsLocals),
        IInvocationOperation call when StepOf(call) is { } step => StepsOf(ReceiverOf(call)!, followsLocals)?.Add(step),
        ILocalReferenceOperation { Local: var local } when followsLocals && ValueOf(local) is { } value => StepsOf(value),
        _ => null,
    };

    /// <summary>Returns the call of <c>WithSources</c> that an experiment begins with, or <see langword="null"/> when there is none in sight.</summary>
    /// <param name="experiment">The expression.</param>
    public IInvocationOperation? CountOf(IOperation? experiment) => experiment is null ? null : Plain(experiment) switch
    {
        IInvocationOperation { TargetMethod: { Name: "WithSources" } method } call when LibraryTypes.Owns(method) => call,
        IInvocationOperation call => CountOf(ReceiverOf(call)),
        ILocalReferenceOperation { Local: var local } => CountOf(ValueOf(local)),
        _ => null,
    };

    /// <summary>Returns the step that a call adds, or <see langword="null"/> for any other call.</summary>
    /// <param name="call">The call.</param>
    public static ExperimentStep? StepOf(IInvocationOperation call)
    {
        if (!IsExperiment(call.Type) || ReceiverOf(call) is not { } receiver || !IsExperiment(receiver.Type)) return null;
        var site = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "site");
        var handle = call.Arguments.FirstOrDefault(argument => argument.Parameter is { RefKind: RefKind.Out })?.Value switch
        {
            IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var declared } } => declared,
            ILocalReferenceOperation { Local: var local } => local,
            _ => null,
        };
        return site is null ? null : new ExperimentStep(call, Plain(site.Value), handle);
    }

    /// <summary>Returns an operation without conversions and parentheses.</summary>
    /// <param name="operation">The operation.</param>
    public static IOperation Plain(IOperation operation) => operation switch
    {
        IConversionOperation conversion => Plain(conversion.Operand),
        IParenthesizedOperation parenthesized => Plain(parenthesized.Operand),
        _ => operation,
    };

    /// <summary>Returns what a method is called on, an extension method too, or <see langword="null"/> for a static one.</summary>
    /// <param name="call">The call.</param>
    public static IOperation? ReceiverOf(IInvocationOperation call) =>
        call.Instance is { } instance
            ? Plain(instance)
            : (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? Plain(call.Arguments[0].Value) : null);

    // Gpt2.Experiment; a property of the program's own may hold any steps.
    private static bool IsEmpty(IPropertySymbol property) => property.IsStatic
        && ((property.Name == "Experiment" && property.ContainingType.AllInterfaces.Any(type => type.Name == "IArchitecture" && LibraryTypes.Owns(type)))
            || (property.Name == "Empty" && LibraryTypes.Owns(property)));

    private static bool IsExperiment(ITypeSymbol? type) => type is INamedTypeSymbol { Name: "Experiment", Arity: 2 } && LibraryTypes.Owns(type);

    private static IOperation? TargetOf(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => assignment.Target,
        IIncrementOrDecrementOperation step => step.Target,
        IArgumentOperation { Parameter.RefKind: not (RefKind.None or RefKind.In or RefKind.RefReadOnlyParameter) } argument => argument.Value,
        _ => null,
    };
}
