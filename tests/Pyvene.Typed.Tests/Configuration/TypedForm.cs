using System.Runtime.CompilerServices;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Tests.Configuration;

/// <summary>
/// Is one way of saying something in pyvene's configuration, and what it is here: the code that the compiler has seen, and what its configuration holds.
/// </summary>
/// <param name="Pyvene">What pyvene has: a field, and a value of it where it matters.</param>
/// <param name="Code">The code.</param>
/// <param name="Json">What stands in the JSON.</param>
/// <param name="Config">The configuration that the code makes.</param>
public sealed record TypedForm(string Pyvene, string Code, string Json, InterventionConfig Config)
{
    internal static TypedForm Of<TModel, TSources>(
        string pyvene, Experiment<TModel, TSources> experiment, string json, [CallerArgumentExpression(nameof(experiment))] string code = "")
        where TModel : IArchitecture
        where TSources : ISourceCount => new(pyvene, code, json, experiment.ToConfig());
}
