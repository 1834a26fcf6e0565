namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Says what is collected of that which a module computes inside.</summary>
public enum Inside
{
    /// <summary>The coordinates in its own space: latents, or rotated or projected dimensions.</summary>
    Space,

    /// <summary>The share of the source that every dimension is given.</summary>
    Gate,
}
