using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows which values are gone when a local is disposed: the local itself, the tensors of a run, a stream or a plan of a model.</summary>
internal static class OwnedValue
{
    /// <summary>Returns the local that owns a value, or <see langword="null"/> when none does for certain.</summary>
    /// <param name="value">The value.</param>
    /// <param name="body">The body that it is in.</param>
    public static ILocalReferenceOperation? OwnerOf(IOperation value, Body body) => ExperimentSyntax.Plain(value) switch
    {
        // A generated text is read without its tensors too.
        ILocalReferenceOperation { Type.Name: "GeneratedText" } => null,
        ILocalReferenceOperation local when IsOwner(local.Type) => local,
        ILocalReferenceOperation { Local: { IsUsing: false } local, Type: { } type }
            when (IsOfTensors(type) || IsStream(type)) && body.Experiments.ValueOf(local) is { } held =>
            held is ILocalReferenceOperation ? null : OwnerOf(held, body),
        IPropertyReferenceOperation { Instance: { } instance, Property: var property, Type: { } type }
            when IsOfTensors(type) => ExperimentSyntax.Plain(instance) switch
        {
            ILocalReferenceOperation local when IsOwner(local.Type) && LibraryTypes.Owns(property) => local,
            IPropertyReferenceOperation { Type.Name: not "Tensor" } list => OwnerOf(list, body),
            _ => null,
        },
        IInvocationOperation { Type: { } type } call when LibraryTypes.Owns(call.TargetMethod) && IsStream(type) && ReceiverOf(call) is { } local => local,
        IInvocationOperation { TargetMethod.Name: "Bind" } call when LibraryTypes.Owns(call.TargetMethod) => ReceiverOf(call)
            ?? call.Arguments.Select(argument => ExperimentSyntax.Plain(argument.Value)).OfType<ILocalReferenceOperation>()
                .FirstOrDefault(local => IsOwner(local.Type) || (local.Type is { } module && TorchTypes.IsModule(module))),
        _ => null,
    };

    /// <summary>Returns whether a type is one of the library's that is disposed.</summary>
    /// <param name="type">The type.</param>
    public static bool IsOwner(ITypeSymbol? type) =>
        type is not null && LibraryTypes.Owns(type) && type.AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_IDisposable);

    /// <summary>Returns whether a type is read with <c>await foreach</c>.</summary>
    /// <param name="type">The type.</param>
    public static bool IsStream(ITypeSymbol type) =>
        type.Name == "IAsyncEnumerable" || type.AllInterfaces.Any(contract => contract.Name == "IAsyncEnumerable");

    private static ILocalReferenceOperation? ReceiverOf(IInvocationOperation call) =>
        ExperimentSyntax.ReceiverOf(call) is ILocalReferenceOperation local && IsOwner(local.Type) ? local : null;

    private static bool IsOfTensors(ITypeSymbol type) =>
        type.Name == "Tensor" || type is INamedTypeSymbol { Name: "IReadOnlyList", TypeArguments: [{ Name: "Tensor" }] };
}
