namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>A part of a template: a text, or the tokens that stand for one special token.</summary>
/// <param name="Text">The text's index; null for a special token.</param>
/// <param name="Ids">The ids of a special token; empty for a text.</param>
/// <param name="TypeId">The type of what comes from here.</param>
internal sealed record TemplatePiece(int? Text, IReadOnlyList<int> Ids, int TypeId);
