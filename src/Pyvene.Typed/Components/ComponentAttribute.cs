namespace Pyvene.Typed;

/// <summary>Names and describes the component that a field of an <see cref="InterventionModelAttribute">intervention model</see> becomes.</summary>
/// <remarks>The name under which TorchSharp registers the field is another matter: <c>[ComponentName]</c> of TorchSharp sets that, and is honoured.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ComponentAttribute : Attribute
{
    /// <summary>Gets or sets the name of the component, such as <c>Embeddings</c>.</summary>
    /// <value>A C# identifier; <see langword="null"/> = the field's name in Pascal case, without a leading <c>_</c>.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets the axes of the module's output, such as <c>batch, position, dModel</c>: what they have decides what can be chosen.</summary>
    /// <value>
    /// Words with commas between them, the first of them <c>batch</c>. With <c>position</c> second there are positions to choose (<c>At</c>); without it only
    /// features. Of four axes or more, the one beside <c>position</c> has heads or other units to choose as such (<c>Head</c>): <c>batch, sense, position,
    /// dModel</c>, <c>batch, position, head, dHead</c>. <see langword="null"/> = not described: positions can be chosen, and whether there are any shows when
    /// it runs.
    /// </value>
    public string? Axes { get; set; }

    /// <summary>
    /// Gets or sets the number of heads that the last axis of the module's output is split into, so that heads can be chosen: [batch, position, width] is seen
    /// as [batch, head, position, width / heads].
    /// </summary>
    /// <value>0 (default) = the output has no heads.</value>
    public int Heads { get; set; }

    /// <summary>Gets or sets a sentence about the component, for its documentation.</summary>
    public string? Summary { get; set; }
}
