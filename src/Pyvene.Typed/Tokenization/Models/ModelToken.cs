namespace Pyvene.Typed.Tokenization.Models;

/// <summary>A token of one piece.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">Where it starts in the piece, in characters as the pre-tokenizer left them.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct ModelToken(int Id, int Start, int End);
