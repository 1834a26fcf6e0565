namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>Is one component in one layer, with all sizes as numbers, so that two descriptions of it can be compared.</summary>
/// <param name="Name">The name.</param>
/// <param name="Layer">The layer and the one inside of it, as far as there are such.</param>
/// <param name="Path">The module path from the model on.</param>
/// <param name="Side">The side of the module.</param>
/// <param name="Item">The argument or element of the result: its place, or its name.</param>
/// <param name="View">The steps from the module's tensor to the component.</param>
/// <param name="Width">How wide it is, or null when that depends on the run.</param>
/// <param name="Axes">The axes, or null when the reference does not name them.</param>
internal sealed record ReferenceComponent(string Name, string Layer, string Path, string Side, string Item, string View, long? Width, string? Axes)
{
    public override string ToString() => $"{Name}{Layer}: {Side} {Item} of {Path}, view [{View}], width {Width}, axes [{Axes}]";
}
