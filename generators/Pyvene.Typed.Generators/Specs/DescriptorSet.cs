using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is what the descriptors of a project come to: the models that are made, and what is wrong.</summary>
/// <param name="Models">The models, in the order of their files.</param>
/// <param name="TypePlaces">Where the descriptor of every model names its type.</param>
/// <param name="Errors">What is wrong, in the order of the files.</param>
internal sealed record DescriptorSet(EquatableArray<ClaimedModel> Models, EquatableArray<TextPlace> TypePlaces, EquatableArray<ParseDiagnostic> Errors);
