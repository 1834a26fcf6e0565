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
}
