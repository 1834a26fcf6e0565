namespace Pyvene.Typed.Tokenization;

/// <summary>Which of Hugging Face's two libraries a tokenizer follows where they read the same folder differently.</summary>
public enum TokenizerConvention
{
    /// <summary>The library tokenizers: <c>tokenizer.json</c> alone decides.</summary>
    Tokenizers,

    /// <summary>
    /// The library transformers: <c>tokenizer_config.json</c> decides whether a byte-level pre-tokenizer puts a space before the text, and no word
    /// there means no space; it adds the tokens that it names and <c>tokenizer.json</c> lacks; an empty second text is no second text. Its <c>add_bos_token</c>
    /// and <c>add_eos_token</c> are
    /// followed for the classes that read them (Llama's, Gemma's, Cohere's, GPT-NeoX's), as are <c>do_lower_case</c>, <c>strip_accents</c> and
    /// <c>tokenize_chinese_chars</c> for BERT's, and its <c>split_special_tokens</c>, <c>clean_up_tokenization_spaces</c>,
    /// <c>padding_side</c>,
    /// <c>truncation_side</c> and <c>model_max_length</c> for all.
    /// </summary>
    Transformers,
}
