namespace Pyvene.Typed.Causal;

/// <summary>Gives a variable its domain: the values that it may take, all different.</summary>
/// <param name="values">The values, of the variable's type; none where <see cref="From"/> names them.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class OneOfAttribute(params object[] values) : Attribute
{
    /// <summary>Gets the values.</summary>
    public IReadOnlyList<object> Values { get; } = values;

    /// <summary>Gets the static member of the model that holds the values, such as <c>nameof(MyModel.Symbols)</c>: a sequence of the variable's type.</summary>
    /// <value><see langword="null"/> where the values stand here.</value>
    public string? From { get; init; }
}
