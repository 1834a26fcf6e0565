namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a sum that holds in every run: a component is what others add up to.</summary>
/// <param name="Sum">The component's name.</param>
/// <param name="Terms">The names of the components that are added.</param>
internal sealed record ResidualSpec(string Sum, EquatableArray<string> Terms);
