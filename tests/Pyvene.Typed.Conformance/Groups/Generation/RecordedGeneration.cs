using Pyvene.Typed.Configuration;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Generation;

/// <summary>Is what a case runs.</summary>
/// <param name="Config">The interventions.</param>
/// <param name="Base">The prompts.</param>
/// <param name="Sources">The sources, one an intervention; null = none.</param>
/// <param name="Generation">How text is generated.</param>
internal sealed record RecordedGeneration(InterventionConfig Config, ModelInputs Base, IReadOnlyList<ModelInputs?> Sources, GenerationOptions Generation);
