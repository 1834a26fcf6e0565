namespace Pyvene.Typed.Models.Fields;

/// <summary>Holds what absent fields of an architecture's configuration stand for: the defaults of its configuration class in transformers.</summary>
internal sealed record DecoderDefaults
{
    public long VocabSize { get; init; } = 32000;

    public long Width { get; init; } = 4096;

    public long LayerCount { get; init; } = 32;

    public long HeadCount { get; init; } = 32;

    /// <summary>Gets the number of key and value heads, or <see langword="null"/> = as many as query heads.</summary>
    public long? KeyHeadCount { get; init; }

    /// <summary>Gets the width of a head, or <see langword="null"/> = the width of the residual stream divided by the number of heads.</summary>
    public long? HeadWidth { get; init; }

    public long InnerWidth { get; init; } = 11008;

    public string Activation { get; init; } = "silu";

    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Gets whether the head is the token embedding.</summary>
    public bool TiesHead { get; init; }

    public long PositionCount { get; init; } = 2048;
}
