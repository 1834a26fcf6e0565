using System.Text.Json;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Descriptors;

/// <summary>Is a field of the configuration on which it depends whether a component exists.</summary>
/// <param name="Field">The field's Hugging Face name, with dots where configurations lie in one another.</param>
/// <param name="Values">The values with which the component exists, as text; <c>null</c> = the field is missing or null.</param>
public sealed record ConfigCondition(string Field, IReadOnlyList<string> Values)
{
    /// <summary>Returns the field's value in a configuration, as text.</summary>
    internal string ValueIn(ModelConfig config) => config.GetElementAt(Field) switch
    {
        null => "null",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => other.GetRawText(),
    };

    /// <summary>Returns the condition in words: <c>'layer_type' is bottleneck</c>.</summary>
    public override string ToString() => $"'{Field}' is {string.Join(" or ", Values ?? [])}";
}
