namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>
/// Says what <c>tokenizer_config.json</c> has BERT's normalizer do, as transformers' fast tokenizers follow it whatever <c>tokenizer.json</c> says.
/// </summary>
/// <param name="LowerCase">Whether letters become small (<c>do_lower_case</c>).</param>
/// <param name="StripAccents">Whether accents are taken off; <see langword="null"/> = as letters become small.</param>
/// <param name="SeparatesChinese">Whether Chinese characters are words of their own (<c>tokenize_chinese_chars</c>).</param>
internal sealed record BertNormalization(bool LowerCase, bool? StripAccents, bool SeparatesChinese)
{
    /// <summary>Gets the names of the fields.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["do_lower_case", "strip_accents", "tokenize_chinese_chars"];

    /// <summary>Returns whether a class of transformers reads these fields.</summary>
    /// <param name="tokenizerClass">Its name; <see langword="null"/> = unknown.</param>
    public static bool IsReadBy(string? tokenizerClass) => tokenizerClass?.Replace("Fast", "", StringComparison.Ordinal)
        is "BertTokenizer" or "DistilBertTokenizer" or "ElectraTokenizer" or "MobileBertTokenizer" or "ConvBertTokenizer" or "LxmertTokenizer";
}
