namespace Pyvene.Typed.Engine;

/// <summary>Is a text and where its tokens are in it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Spans">The half-open span of every token, in UTF-16 units.</param>
internal sealed record TokenizedText(string Text, IReadOnlyList<Tokenization.TextSpan> Spans);
