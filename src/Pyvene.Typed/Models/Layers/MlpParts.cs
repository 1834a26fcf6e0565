namespace Pyvene.Typed.Models.Layers;

/// <summary>Says what the parts of a decoder's MLP are called in transformers, by default as Llama's, and which of them it has.</summary>
internal sealed record MlpParts
{
    /// <summary>Gets the projection that gates the other one; <see langword="null"/> = nothing is gated.</summary>
    public string? Gate { get; init; } = "gate_proj";

    public string Up { get; init; } = "up_proj";
    public string Down { get; init; } = "down_proj";
    public string Activation { get; init; } = "act_fn";

    /// <summary>Gets the dropout behind the output.</summary>
    public string? Dropout { get; init; }
}
