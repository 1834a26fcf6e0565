using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds optimisers over the parameters of a model that the same body loads, which are frozen, and that nobody lets learn.</summary>
internal static class FrozenParameters
{
    /// <summary>Returns the parameters that such optimisers are given.</summary>
    /// <param name="body">The body.</param>
    public static IEnumerable<IOperation> GivenToOptimisers(Body body)
    {
        var given = body.Operations.OfType<IInvocationOperation>()
            .Where(call => call.TargetMethod is { IsStatic: true, ContainingType: { Name: "optim", ContainingAssembly.Name: "TorchSharp" } })
            .SelectMany(call => call.Arguments)
            .Select(argument => ExperimentSyntax.Plain(argument.Value))
            .Where(value => ModelOf(value, body) is { } model && IsFrozen(model, body))
            .ToArray();
        return given.Length > 0 && !body.Operations.Any(ScoreReading.SetsGradients) ? given : [];
    }

    // model.Module.parameters(), also through a local.
    private static ILocalSymbol? ModelOf(IOperation value, Body body)
    {
        if (value is ILocalReferenceOperation { Local: var list } && body.Experiments.ValueOf(list) is { } held) value = held;
        if (value is not IInvocationOperation { TargetMethod.Name: "parameters" or "named_parameters", Instance: { } module }) return null;
        var owner = ExperimentSyntax.Plain(module);
        if (owner is ILocalReferenceOperation { Local: var alias } && body.Experiments.ValueOf(alias) is { } aliased) owner = aliased;
        return owner is IPropertyReferenceOperation { Property: { Name: "Module" } property, Instance: ILocalReferenceOperation { Local: var model } }
            && LibraryTypes.Owns(property) ? model : null;
    }

    // Only the library, which leaves parameters as they are, gets to see the model and its parts.
    private static bool IsFrozen(ILocalSymbol model, Body body) =>
        body.Experiments.ValueOf(model) is IInvocationOperation { TargetMethod: { Name: "Load", IsStatic: true, ReturnType: { Name: "LanguageModel" } loaded } }
        && LibraryTypes.Owns(loaded)
        && body.Operations.OfType<ILocalReferenceOperation>()
            .Where(use => SymbolEqualityComparer.Default.Equals(use.Local, model))
            .All(use => StaysInside(use, body));

    private static bool StaysInside(IOperation use, Body body) => use.Parent switch
    {
        IConversionOperation conversion => StaysInside(conversion, body),
        IPropertyReferenceOperation { Property.Name: "Module" } module => ModuleStaysInside(module, body),
        IPropertyReferenceOperation property => LibraryTypes.Owns(property.Property),
        IInvocationOperation call => LibraryTypes.Owns(call.TargetMethod),
        IArgumentOperation { Parent: IInvocationOperation call } => LibraryTypes.Owns(call.TargetMethod),
        _ => false,
    };

    private static bool ModuleStaysInside(IOperation module, Body body) => module.Parent switch
    {
        IConversionOperation conversion => ModuleStaysInside(conversion, body),
        IInvocationOperation { TargetMethod: { ContainingAssembly.Name: "TorchSharp" or "Pyvene.Typed", Name: not "apply" } } call =>
            ParametersStayInside(call, body),
        IArgumentOperation { Parent: IInvocationOperation call } => LibraryTypes.Owns(call.TargetMethod),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var alias } } => body.Operations.OfType<ILocalReferenceOperation>()
            .Where(use => SymbolEqualityComparer.Default.Equals(use.Local, alias)).All(use => ModuleStaysInside(use, body)),
        _ => false,
    };

    // What is handed out of the module goes to the optimiser, or is read as a number.
    private static bool ParametersStayInside(IInvocationOperation call, Body body)
    {
        if (call.TargetMethod.Name is not ("parameters" or "named_parameters"))
        {
            return call.Type is not { IsReferenceType: true } || call.Parent is IExpressionStatementOperation;
        }

        IOperation value = call;
        while (value.Parent is IConversionOperation) value = value.Parent;
        return value.Parent switch
        {
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod.ContainingAssembly.Name: not "Pyvene.Typed" } given } =>
                given.TargetMethod is { ContainingAssembly.Name: "TorchSharp", ContainingType.Name: "optim" }
                || (given.TargetMethod is { ContainingType.Name: "Enumerable", Name: "Sum" or "Count" }),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var list } } => body.Operations.OfType<ILocalReferenceOperation>()
                .Where(use => SymbolEqualityComparer.Default.Equals(use.Local, list))
                .All(use => IsGiven(use)),
            _ => false,
        };
    }

    private static bool IsGiven(IOperation use) => use.Parent switch
    {
        IConversionOperation conversion => IsGiven(conversion),
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod.ContainingType: { Name: "optim", ContainingAssembly.Name: "TorchSharp" } } } => true,
        _ => false,
    };
}
