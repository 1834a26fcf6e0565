using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is the body of a member.</summary>
/// <param name="Operations">All operations in it.</param>
/// <param name="Types">The library's types.</param>
internal sealed record Body(ImmutableArray<IOperation> Operations, LibraryTypes Types)
{
    /// <summary>Gets what is known of the experiments in it.</summary>
    public ExperimentSyntax Experiments { get; } = new(Operations);

    /// <summary>Returns the calls of methods of the library with a name.</summary>
    /// <param name="name">The method's name.</param>
    public IEnumerable<IInvocationOperation> CallsOf(string name) =>
        Operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == name && LibraryTypes.Owns(call.TargetMethod));

    /// <summary>
    /// Returns the experiment that a run is of: the argument, or what the plan is bound to; <see langword="null"/> when that is not in sight.
    /// </summary>
    /// <param name="run">The call of <c>Run</c>.</param>
    public IOperation? ExperimentOf(IInvocationOperation run)
    {
        if (Argument(run) is { } given) return given;
        var plan = ExperimentSyntax.ReceiverOf(run) is ILocalReferenceOperation { Local: var local } ? Experiments.ValueOf(local) : null;
        return plan is IInvocationOperation { TargetMethod: { Name: "Bind" } method } bind && LibraryTypes.Owns(method) ? Argument(bind) : null;
    }

    private static IOperation? Argument(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "experiment")?.Value;
}
