namespace Pyvene.Typed.Tokenization.Text;

/// <summary>Rewrites one piece.</summary>
/// <param name="characters">The characters of the piece.</param>
/// <param name="rewriter">Takes the new characters.</param>
internal delegate void TextRewrite(ReadOnlySpan<char> characters, TextRewriter rewriter);
