using System.Collections.Immutable;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a descriptor without errors, with the places of its paths in the file.</summary>
/// <param name="Model">The model.</param>
/// <param name="PathSpans">Where the path of every component stands, in their order.</param>
internal sealed record PlacedDescriptor(ModelSpec Model, ImmutableArray<TextRange> PathSpans);
