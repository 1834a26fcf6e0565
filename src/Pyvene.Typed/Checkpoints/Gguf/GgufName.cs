namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Says what a weight of llama.cpp is called in Hugging Face's layout; the ending, <c>.weight</c> or <c>.bias</c>, is the same.</summary>
/// <param name="Stored">The name in the file; a layer's begins with <c>blk.</c>, and the layer's number is left out.</param>
/// <param name="Name">The other name, with <c>*</c> for the layer's number.</param>
/// <param name="Form">What was changed.</param>
internal sealed record GgufName(string Stored, string Name, GgufForm Form = GgufForm.Same);
