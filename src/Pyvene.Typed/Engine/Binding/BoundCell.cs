using Pyvene.Typed.Configuration;

namespace Pyvene.Typed.Engine;

/// <summary>Is one intervened run, resolved against the model: a plan has one, a sweep many.</summary>
/// <param name="Mode">How the sources come together.</param>
/// <param name="Sources">The number of sources that a run takes.</param>
/// <param name="Interventions">The interventions in the order of the configuration.</param>
internal sealed record BoundCell(CompositionMode Mode, int Sources, IReadOnlyList<BoundIntervention> Interventions);
