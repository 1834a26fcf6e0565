namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a field of the configuration on which it depends whether a component exists.</summary>
/// <param name="Field">The field, with dots where configurations lie in one another.</param>
/// <param name="Values">The values with which the component exists, as text; <c>null</c> = the field is missing or null.</param>
internal sealed record ConditionSpec(string Field, EquatableArray<string> Values);
