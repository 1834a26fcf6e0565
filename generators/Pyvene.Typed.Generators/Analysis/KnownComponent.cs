using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is a component that a program names, with its sizes where the checkpoint is known.</summary>
/// <param name="Name">The component, as messages name it: <c>Gpt2.Small.Block.MlpActivation</c>.</param>
/// <param name="Heads">The number of heads, or <see langword="null"/> when it has none or it is not known.</param>
/// <param name="Width">The size of the last axis, or <see langword="null"/> when it is not known.</param>
internal sealed record KnownComponent(string Name, int? Heads, int? Width)
{
    /// <summary>Returns the component of a place, or <see langword="null"/> when it is not in sight.</summary>
    /// <param name="site">The place: the component, whatever is chosen of it, or a local that holds one.</param>
    /// <param name="body">Where it stands.</param>
    public static KnownComponent? Of(IOperation? site, Body body)
    {
        var current = site;
        while (current is IInvocationOperation or ILocalReferenceOperation)
        {
            current = current is ILocalReferenceOperation { Local: var local }
                ? body.Experiments.ValueOf(local)
                : ExperimentSyntax.ReceiverOf((IInvocationOperation)current);
        }

        if (current is not IPropertyReferenceOperation { Property: var component }) return null;
        var sizes = component.FindAttribute(body.Types.KnownSizes)?.NamedArguments.ToDictionary(size => size.Key, size => size.Value.Value as int?) ?? [];
        sizes.TryGetValue("Heads", out var heads);
        sizes.TryGetValue("Width", out var width);
        return new KnownComponent(component.ToDisplayString(SymbolNames.WithOwners), heads, width);
    }
}
