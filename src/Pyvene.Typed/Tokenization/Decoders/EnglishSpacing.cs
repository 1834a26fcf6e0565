namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Takes out the spaces that English has not: before punctuation, and inside of contractions.</summary>
internal static class EnglishSpacing
{
    /// <param name="text">The text.</param>
    /// <param name="withDoNot">Whether <c>do not</c> becomes <c>don't</c>, as in the library tokenizers; transformers leaves it.</param>
    public static string Close(string text, bool withDoNot)
    {
        var closed = text.Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'")
            .Replace(" n't", "n't").Replace(" 'm", "'m");
        return (withDoNot ? closed.Replace(" do not", " don't") : closed).Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re");
    }
}
