using System.Text.Json;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>
/// The fields that files of a tokenizer may have: those that are <see cref="Followed"/>, with the kinds of JSON that they take, and those that are
/// <see cref="Harmless"/>, because neither
/// ids nor text depend on them. All others are told, such as those of classes that are not read here (<c>do_lower_case</c>, <c>strip_accents</c>).
/// </summary>
internal static class TokenizerFields
{
    private const JsonValueKind Text =
        JsonValueKind.String, Number = JsonValueKind.Number, Object = JsonValueKind.Object, List = JsonValueKind.Array, Flag = JsonValueKind.True;

    private static readonly Dictionary<string, JsonValueKind[]> Followed = new(StringComparer.Ordinal)
    {
        ["tokenizer_class"] = [Text],
        ["add_prefix_space"] = [Flag],
        ["add_bos_token"] = [Flag],
        ["add_eos_token"] = [Flag],
        ["legacy"] = [Flag],
        ["split_special_tokens"] = [Flag],
        ["clean_up_tokenization_spaces"] = [Flag],
        ["padding_side"] = [Text],
        ["truncation_side"] = [Text],
        ["model_max_length"] = [Number],
        ["max_len"] = [Number],
        ["added_tokens_decoder"] = [Object],
        ["additional_special_tokens"] = [List],
        ["extra_special_tokens"] = [List, Object],
        ["chat_template"] = [Text, List],
        ["bos_token"] = [Text, Object],
        ["eos_token"] = [Text, Object],
        ["unk_token"] = [Text, Object],
        ["sep_token"] = [Text, Object],
        ["pad_token"] = [Text, Object],
        ["cls_token"] = [Text, Object],
        ["mask_token"] = [Text, Object],
    };

    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        // Names, and where the files came from.
        "name_or_path", "_name_or_path", "processor_class", "feature_extractor_type", "transformers_version", "tokenizer_file", "vocab_file", "merges_file",
        "special_tokens_map_file",
        "tokenizer_version", "model_input_names", "model_type", "from_slow", "is_local", "local_files_only", "device_map", "backend", "vocab_size", "unk_id",
        "bos_id", "eos_id", "pad_id",

        // What transformers' fast tokenizers read of nothing, or what is asked for call by call.
        "errors", "use_default_system_prompt", "sp_model_kwargs", "spaces_between_special_tokens", "use_fast", "verbose", "max_length", "stride",
        "truncation_strategy",
        "pad_to_multiple_of", "pad_token_type_id", "pad_token_id", "bos_token_id", "eos_token_id", "unk_token_id", "padding", "truncation", "response_schema",
    };

    /// <summary>Gives the fields of a configuration that are neither followed nor known to change nothing.</summary>
    /// <param name="file">The root of <c>tokenizer_config.json</c> or <c>special_tokens_map.json</c>.</param>
    /// <exception cref="Errors.TokenizerException">A field that is followed is of another kind.</exception>
    public static IEnumerable<string> Check(JsonPlace file)
    {
        foreach (var (name, value) in file.Members())
        {
            if (!value.Exists || Harmless.Contains(name))
            {
                continue;
            }

            if (!Followed.TryGetValue(name, out var kinds))
            {
                yield return name;
            }
            else if (!kinds.Contains(value.Element.ValueKind == JsonValueKind.False ? Flag : value.Element.ValueKind))
            {
                throw value.Wrong(string.Join(" or ", kinds.Select(Shown)));
            }
        }
    }

    /// <summary>Gives the fields of a <c>tokenizer.json</c> that are not known here.</summary>
    /// <exception cref="Errors.TokenizerException">Truncation or padding is no object.</exception>
    public static IEnumerable<string> CheckTokenizer(JsonPlace file)
    {
        string[] known = ["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"];
        foreach (var name in (string[])["truncation", "padding"])
        {
            if (file[name] is { Exists: true, Element.ValueKind: not JsonValueKind.Object } other)
            {
                throw other.Wrong("an object");
            }
        }

        return file["version"].OptionalString() is null or "1.0"
            ? file.Members().Select(member => member.Name).Where(name => !known.Contains(name))
            : throw file["version"].Unsupported($"the version '{file["version"].String()}' is not known; \"1.0\" is");
    }

    private static string Shown(JsonValueKind kind) => kind switch
    {
        Text => "a text",
        Number => "a number",
        Object => "an object",
        List => "an array",
        _ => "true or false",
    };
}
