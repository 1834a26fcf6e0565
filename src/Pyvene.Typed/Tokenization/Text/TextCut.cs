namespace Pyvene.Typed.Tokenization.Text;

/// <summary>Cuts one piece: adds the pieces that remain of it, none of them empty.</summary>
/// <param name="characters">The characters of the piece.</param>
/// <param name="start">Where the piece starts; to be added to every position in <paramref name="characters"/>.</param>
/// <param name="pieces">Takes the new pieces.</param>
internal delegate void TextCut(ReadOnlySpan<char> characters, int start, List<TextSpan> pieces);
