namespace Pyvene.Typed.Descriptors;

/// <summary>Describes a published checkpoint of an architecture.</summary>
public sealed record CheckpointDescriptor
{
    /// <summary>Gets where it is published, such as <c>openai-community/gpt2</c>.</summary>
    public required string Hub { get; init; }

    /// <summary>Gets the sizes by name, such as <c>dModel</c> → 768.</summary>
    public required IReadOnlyDictionary<string, long> Sizes { get; init; }
}
