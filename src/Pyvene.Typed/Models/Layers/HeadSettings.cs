namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how attention projects queries, keys and values, each with as many heads, and what it mixed.</summary>
/// <param name="Width">dModel.</param>
/// <param name="Count">The number of heads.</param>
/// <param name="HeadWidth">dHead.</param>
/// <param name="Rule">How scores become weights.</param>
/// <param name="Dropout">The probability that a weight is dropped in training.</param>
internal sealed record HeadSettings(long Width, long Count, long HeadWidth, AttentionRule Rule, double Dropout)
{
    /// <summary>Gets what the projections are called.</summary>
    public AttentionParts Parts { get; init; } = new();

    /// <summary>Gets whether the projections have biases.</summary>
    public bool HasBiases { get; init; }

    /// <summary>Gets whether that of the keys has one, too.</summary>
    public bool HasKeyBias { get; init; }
}
