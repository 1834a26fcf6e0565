namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is one step from a module's tensor to a component.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Sizes">The sizes that the step needs, as expressions.</param>
/// <param name="Parts">The number of parts, of <see cref="ViewStepKind.Chunk"/> and <see cref="ViewStepKind.Grouped"/>.</param>
/// <param name="Index">The part that is taken, from 0.</param>
internal sealed record ViewStepSpec(ViewStepKind Kind, EquatableArray<string> Sizes, int Parts = 0, int Index = 0);
