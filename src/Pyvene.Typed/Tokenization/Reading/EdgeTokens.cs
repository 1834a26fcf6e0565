using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.PostProcessors;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>The tokens that a Python class puts before and behind a text, whatever the post-processor of <c>tokenizer.json</c> says.</summary>
internal static class EdgeTokens
{
    // The classes of transformers 4.57.6 that write their own template, with their defaults.
    private static readonly Dictionary<string, (bool Bos, string BosToken, string EosToken)> Classes = new(StringComparer.Ordinal)
    {
        ["LlamaTokenizer"] = (true, "<s>", "</s>"),
        ["CodeLlamaTokenizer"] = (true, "<s>", "</s>"),
        ["GemmaTokenizer"] = (true, "<bos>", "<eos>"),
        ["CohereTokenizer"] = (true, "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>"),
        ["GPTNeoXTokenizer"] = (false, "<|endoftext|>", "<|endoftext|>"),
    };

    /// <summary>Gives the class's post-processor; null where it leaves the file's, and then a flag that is set is told.</summary>
    /// <exception cref="TokenizerException">A token that is to be added is not there.</exception>
    public static PostProcessor? PostProcessor(SpecialTokens special, Func<string, int?> idOf, string file)
    {
        var name = special.TokenizerClass?.Replace("Fast", "", StringComparison.Ordinal);
        if (name is null || !Classes.TryGetValue(name, out var defaults))
        {
            // Other classes do not read these two: what they add stands in tokenizer.json.
            special.Tell(
                "tokenizer_config.json",
                [.. special.AddBosToken == true ? ["add_bos_token"] : (string[])[], .. special.AddEosToken == true ? ["add_eos_token"] : (string[])[]]);
            return null;
        }

        TemplatePiece[] Edge(bool isAdded, string role, string otherwise, int type)
        {
            var token = special[role] ?? otherwise;
            return !isAdded ? [] : idOf(token) is { } id
                ? [new TemplatePiece(null, [id], type)]
                : throw new TokenizerException($"the token '{token}', which '{special.TokenizerClass}' adds to a text, is missing", file);
        }

        TemplatePiece[] Text(int index)
        {
            var before = Edge(special.AddBosToken ?? defaults.Bos, "bos_token", defaults.BosToken, index);
            return [.. before, new(index, [], index), .. Edge(special.AddEosToken ?? false, "eos_token", defaults.EosToken, index)];
        }

        return new TemplatePostProcessor(Text(0), [.. Text(0), .. Text(1)]);
    }
}
