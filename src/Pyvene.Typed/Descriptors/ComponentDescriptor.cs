namespace Pyvene.Typed.Descriptors;

/// <summary>Describes one component of an architecture: which tensor it is, and how it is cut and named.</summary>
public sealed record ComponentDescriptor
{
    /// <summary>Gets the name that configurations use, such as <c>head_attention_value_output</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Gets the module path; <c>[layer]</c> stands for the layer, <c>[sublayer]</c> for the one inside of it. A leading <c>/</c> starts at the model itself,
    /// anything else behind the class's prefix.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Gets the side of the module.</summary>
    public required HookSide Side { get; init; }

    /// <summary>Gets which argument of the module's call the component is, or which element of a result that is a tuple; from 0.</summary>
    public int Item { get; init; }

    /// <summary>
    /// Gets the name of the argument, where its place does not say which it is: that of a parameter of the module's <c>forward</c>, underscores and capitals
    /// aside; else <see langword="null"/>.
    /// </summary>
    public string? Argument { get; init; }

    /// <summary>Gets the steps from the module's tensor to the component, in order.</summary>
    public IReadOnlyList<ViewStep> View { get; init; } = [];

    /// <summary>Gets the names of the axes, such as <c>batch, position, dModel</c> or <c>batch, head, query, key</c>.</summary>
    public required IReadOnlyList<string> Axes { get; init; }

    /// <summary>Gets the size of the last axis as an expression, or <see langword="null"/> when it depends on the length.</summary>
    public string? Width { get; init; }

    /// <summary>Gets the number of heads as an expression, or <see langword="null"/> when the component has no head axis.</summary>
    public string? Heads { get; init; }

    /// <summary>Gets the number of layers that have it as an expression, or <see langword="null"/> when it exists once.</summary>
    public string? LayerCount { get; init; }

    /// <summary>
    /// Gets the number of layers inside of a layer that have it as an expression, which may differ from layer to layer; <see langword="null"/> when layers have
    /// none inside.
    /// </summary>
    public string? SublayerCount { get; init; }

    /// <summary>Gets the fields of the configuration on which it depends whether the component exists; all must fit.</summary>
    public IReadOnlyList<ConfigCondition> Conditions { get; init; } = [];

    /// <summary>Gets the field of the configuration that lists the layers that have the component, or <see langword="null"/> when all have it.</summary>
    public string? OnlyLayers { get; init; }

    /// <summary>Gets the field of the configuration that lists the layers that lack the component, or <see langword="null"/> when none does.</summary>
    public string? ExceptLayers { get; init; }

    /// <summary>Gets the classes that have the component; empty = all of the architecture's.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Gets the name that pyvene has for it, or <see langword="null"/> when pyvene has none.</summary>
    public string? PyveneName { get; init; }

    /// <summary>Gets one sentence about it.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Gets whether the component exists once a layer.</summary>
    public bool IsPerLayer => Path?.Contains("[layer]", StringComparison.Ordinal) == true; // no path yet: ToString reads this of any value

    /// <summary>Gets whether the component exists once a layer inside of a layer.</summary>
    public bool IsPerSublayer => Path?.Contains("[sublayer]", StringComparison.Ordinal) == true;
}
