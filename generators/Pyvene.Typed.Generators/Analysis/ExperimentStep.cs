using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is a step of an experiment as a program writes it.</summary>
/// <param name="Call">The call that adds the step.</param>
/// <param name="Site">The place, as it is written.</param>
/// <param name="Handle">The local that takes the handle of a collecting step, or <see langword="null"/>.</param>
internal sealed record ExperimentStep(IInvocationOperation Call, IOperation Site, ILocalSymbol? Handle)
{
    /// <summary>Gets the verb, such as <c>Zero</c>.</summary>
    public string Verb => Call.TargetMethod.Name;

    /// <summary>Gets whether the step only reads.</summary>
    public bool IsCollect => Verb is "Collect" or "CollectInside" or "CollectGate";

    /// <summary>Gets whether somebody may look at the values in the step.</summary>
    public bool MayObserve => IsCollect || Verb == "Apply";

    /// <summary>Gets whether the step leaves nothing of the values that were there.</summary>
    public bool Replaces => Verb is "Zero" or "Interchange";
}
