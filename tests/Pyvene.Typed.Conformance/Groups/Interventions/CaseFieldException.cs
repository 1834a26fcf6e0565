namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Says which field of a case cannot be read as what it must be, or is refused by the part of the library that it becomes.</summary>
internal sealed class CaseFieldException(string field, string problem) : Exception($"{field}: {problem}")
{
    /// <summary>The field, such as <c>locations[0].base</c>.</summary>
    public string Field { get; } = field;

    /// <summary>Builds a part of a configuration from a field, and names the field where the library refuses it.</summary>
    public static T Naming<T>(string field, Func<T> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException refused)
        {
            throw new CaseFieldException(field, refused.Message);
        }
    }
}
