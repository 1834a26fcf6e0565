using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is the component of which a call chooses something, with its sizes where the checkpoint is known.</summary>
/// <param name="Name">The component and the call, as messages name them: <c>Gpt2.Small.Block.MlpActivation.Neuron</c>.</param>
/// <param name="Heads">The number of heads, or <see langword="null"/> when it is not known.</param>
/// <param name="Width">The size of the last axis, or <see langword="null"/> when it is not known, or another axis may be meant.</param>
internal sealed record IndexedPlace(string Name, int? Heads, int? Width)
{
    /// <summary>Returns the component, or <see langword="null"/> when it is not in sight.</summary>
    /// <param name="call">The call that chooses, or makes a set of indices for one that does.</param>
    /// <param name="body">Where it stands.</param>
    public static IndexedPlace? Of(IInvocationOperation call, Body body)
    {
        return ChooserOf(call) is { } chooser && KnownComponent.Of(ExperimentSyntax.ReceiverOf(chooser), body) is { } component
            ? new IndexedPlace($"{component.Name}.{chooser.TargetMethod.Name}", component.Heads, MeansWidth(chooser) ? component.Width : null)
            : null;
    }

    // Heads.Of(1, 2) in Heads(Heads.Of(1, 2).…): the outer call.
    private static IInvocationOperation? ChooserOf(IInvocationOperation call)
    {
        while (call is { Instance: null, TargetMethod.IsExtensionMethod: false } or { Instance.Type.Name: "Heads" or "Features" })
        {
            IOperation? outer = call.Parent;
            while (outer is IConversionOperation or IParenthesizedOperation or IArgumentOperation) outer = outer.Parent;
            if (outer is not IInvocationOperation next) return null;
            call = next;
        }

        return call;
    }

    // What a step applies may have a space of its own, wider than the component: the latents of an autoencoder. A place that is kept may go to such a step.
    private static bool MeansWidth(IInvocationOperation chooser)
    {
        if (chooser.TargetMethod.Name.StartsWith("Neuron", System.StringComparison.Ordinal) && StepAround(chooser) is null) return true;
        return StepAround(chooser) is { TargetMethod.Name: not "Apply" };
    }

    private static IInvocationOperation? StepAround(IOperation operation)
    {
        for (var current = operation.Parent; current is IConversionOperation or IParenthesizedOperation or IArgumentOperation
            or IInvocationOperation; current = current.Parent)
        {
            if (current is IInvocationOperation call && ExperimentSyntax.StepOf(call) is not null) return call;
        }

        return null;
    }
}
