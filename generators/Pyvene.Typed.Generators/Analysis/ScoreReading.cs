using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds the runs that a score is computed from where it is certainly computed from nothing else that could learn.</summary>
/// <param name="body">The body that the score is in.</param>
internal sealed class ScoreReading(Body body)
{
    private readonly HashSet<ILocalSymbol> runs = new(SymbolEqualityComparer.Default);

    /// <summary>Returns, for each tensor on which <c>backward</c> is called, the runs whose outputs alone make it.</summary>
    /// <param name="body">The body.</param>
    public static IEnumerable<IReadOnlyCollection<ILocalSymbol>> RunsThatGoBackward(Body body)
    {
        var scores = body.Operations.OfType<IInvocationOperation>()
            .Where(call => call.TargetMethod is { Name: "backward", ContainingType.Name: "Tensor" })
            .Select(call => call.Instance)
            .OfType<IOperation>()
            .ToArray();

        // Who says what takes gradients knows more than is seen here.
        if (scores.Length == 0 || body.Operations.Any(SetsGradients)) yield break;
        foreach (var score in scores)
        {
            var reading = new ScoreReading(body);
            if (reading.IsOfRuns(score) && reading.runs.Count > 0) yield return reading.runs;
        }
    }

    /// <summary>Returns whether an operation says whether a parameter or a tensor takes gradients.</summary>
    /// <param name="operation">Any operation.</param>
    public static bool SetsGradients(IOperation operation) => operation switch
    {
        IMemberReferenceOperation { Member.Name: var name } => name.StartsWith("requires_grad", StringComparison.Ordinal),
        IInvocationOperation { TargetMethod.Name: var name } => name == "Unfreeze" || name.Contains("requires_grad"),
        IArgumentOperation { Parameter.Name: "requires_grad", ArgumentKind: not ArgumentKind.DefaultValue } => true,
        _ => false,
    };

    // What is not known, such as a probe, a parameter or a method of the program's own, may learn.
    private bool IsOfRuns(IOperation value)
    {
        value = ExperimentSyntax.Plain(value);
        if (value.Type is { } type && IsPlain(type)) return true;
        return value switch
        {
            ILocalReferenceOperation { Local: { Type.Name: "Tensor" } local } => body.Experiments.ValueOf(local) is { } held && IsOfRuns(held),
            IPropertyReferenceOperation { Instance: { } instance, Property: var property } read =>
                (LibraryTypes.Owns(property) ? IsRun(instance) : property is { IsIndexer: true, ContainingType.Name: "Tensor" } && IsOfRuns(instance))
                && read.Arguments.All(argument => LibraryTypes.Owns(property) || IsOfRuns(argument.Value)),
            IUnaryOperation unary => IsOfRuns(unary.Operand),
            IBinaryOperation binary => IsOfRuns(binary.LeftOperand) && IsOfRuns(binary.RightOperand),
            IInvocationOperation { Instance: { } instance, TargetMethod: { Name: "LogitsAt" } method } when LibraryTypes.Owns(method) => IsRun(instance),
            IInvocationOperation { TargetMethod: { ContainingAssembly.Name: "TorchSharp", ContainingType: var owner } } call => owner.Name switch
            {
                "Tensor" => (call.Instance is null || IsOfRuns(call.Instance)) && call.Arguments.All(argument => IsOfRuns(argument.Value)),
                "torch" or "functional" or "special" => call.TargetMethod is { IsStatic: true } && call.Arguments.All(argument => IsOfRuns(argument.Value)),
                _ => false,
            },
            IArrayCreationOperation { Initializer: { } items } => items.ElementValues.All(IsOfRuns),
            ICollectionExpressionOperation items => items.Elements.All(IsOfRuns),
            ILiteralOperation or IDefaultValueOperation or IRangeOperation or ITypeOfOperation => true,
            _ => value.ConstantValue.HasValue,
        };
    }

    private bool IsRun(IOperation instance)
    {
        if (ExperimentSyntax.Plain(instance) is not ILocalReferenceOperation { Local: var local }) return false;
        if (local.Type is not { Name: "ExperimentRun" or "ModuleRun" } type) return false;
        if (LibraryTypes.Owns(type)) runs.Add(local);
        return LibraryTypes.Owns(type);
    }

    private static bool IsPlain(ITypeSymbol type) => type.SpecialType is not (SpecialType.None or SpecialType.System_Object)
        || type.TypeKind == TypeKind.Enum
        || type.Name is "Index" or "Range" or "Scalar" or "TensorIndex" or "Device"
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] } && IsPlain(inner))
        || (type is IArrayTypeSymbol { ElementType: var item } && IsPlain(item));
}
