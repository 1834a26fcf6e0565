using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Conformance.Groups.Gguf;

/// <summary>Runs a case of <c>tokens.jsonl</c>: a text and its ids, or a chat and its text.</summary>
internal static class GgufTokensCase
{
    /// <summary>Runs the case.</summary>
    public static void Check(TextTokenizer tokenizer, GoldenCase golden, Comparison comparison)
    {
        if (golden.Text("kind") == "chat")
        {
            var messages = golden.Required("messages").EnumerateArray()
                .Select(message => new ChatMessage(message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!)).ToList();
            var rendered = tokenizer.ApplyChatTemplate(messages, golden.Flag("add_generation_prompt"));
            comparison.Exact("text", rendered, golden.Text("text"));
            comparison.Sequence("ids", tokenizer.Encode(rendered, addSpecialTokens: false), Ids(golden, "ids"));
            return;
        }

        var ids = Ids(golden, "ids");
        comparison.Sequence("ids", tokenizer.Encode(golden.Text("text")!, addSpecialTokens: false), ids);
        comparison.Sequence("ids_with_bos", tokenizer.Encode(golden.Text("text")!), Ids(golden, "ids_with_bos"));
        comparison.Exact("decode", tokenizer.Decode(ids), golden.Text("decode"));
        comparison.Exact("decode_skip_special", tokenizer.Decode(ids, skipSpecialTokens: true), golden.Text("decode_skip_special"));
    }

    private static List<int> Ids(GoldenCase golden, string field) => [.. golden.Required(field).EnumerateArray().Select(id => id.GetInt32())];
}
