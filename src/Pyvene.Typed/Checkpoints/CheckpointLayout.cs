namespace Pyvene.Typed.Checkpoints;

/// <summary>Says how the names in an architecture's checkpoints relate to the parameters of its model.</summary>
internal sealed record CheckpointLayout
{
    /// <summary>Gets the layout of an architecture whose checkpoints hold exactly the parameters.</summary>
    public static CheckpointLayout Plain { get; } = new();

    /// <summary>
    /// Gets the prefix that the bare model has inside a model with a head, such as <c>transformer.</c>; checkpoints come with and without it.
    /// </summary>
    public string BasePrefix { get; init; } = "";

    /// <summary>Gets whether the model is the bare one, whose parameters lack the prefix and which ignores the heads of a checkpoint.</summary>
    public bool IsBare { get; init; }

    /// <summary>Gets the endings of stored names that are not weights, such as the causal masks that old files carry.</summary>
    public IReadOnlyList<string> IgnoredEndings { get; init; } = [];

    /// <summary>Gets the beginnings of stored names that belong to what this model leaves out, such as the decoder of one that is an encoder alone.</summary>
    public IReadOnlyList<string> IgnoredStarts { get; init; } = [];

    /// <summary>Gets the endings of stored names that old files have, each with what stands there now.</summary>
    public IReadOnlyDictionary<string, string> RenamedEndings { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the parameters that are stored under a second name when two are tied, by that second name.</summary>
    public IReadOnlyDictionary<string, string> Tied { get; init; } = new Dictionary<string, string>();
}
