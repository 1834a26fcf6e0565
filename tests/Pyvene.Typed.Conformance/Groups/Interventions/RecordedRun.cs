using Pyvene.Typed.Configuration;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>What a case asks for, in the library's terms.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Base">The inputs of the base.</param>
/// <param name="Sources">The inputs of the sources; null = the group is skipped.</param>
/// <param name="Options">The settings of the run.</param>
internal sealed record RecordedRun(InterventionConfig Config, ModelInputs Base, IReadOnlyList<ModelInputs?> Sources, RunOptions Options);
