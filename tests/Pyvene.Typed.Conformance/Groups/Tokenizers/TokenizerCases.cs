using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Conformance.Groups.Tokenizers;

/// <summary>The cases of one tokenizer: every field that a case gives is compared, and what is absent has the meaning that the format gives it.</summary>
internal sealed class TokenizerCases(string folder)
{
    private readonly Lazy<TextTokenizer> _tokenizer = new(() => TextTokenizer.Load(folder));

    // Truncation and padding are recorded from transformers' calls, everything else from the tokenizers library itself.
    private readonly Lazy<TextTokenizer> _called = new(() => TextTokenizer.Load(folder, TokenizerConvention.Transformers));

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var kind = golden.Required("kind").GetString();
        try
        {
            Action<GoldenCase, Comparison> check = kind switch
            {
                "encode" => CheckEncode,
                "pair" => CheckPair,
                "pair_truncation" => CheckPairTruncation,
                "batch" => CheckBatch,
                "overflow" => CheckOverflow,
                "decode" => CheckDecode,
                "chat" => CheckChat,
                _ => throw new UnsupportedCaseException($"cases of kind '{kind}' are unknown"),
            };
            check(golden, comparison);
        }
        catch (TokenizerException failure) when (failure.IsUnsupported)
        {
            throw new UnsupportedCaseException(failure.Message);
        }
    }

    private void CheckEncode(GoldenCase golden, Comparison comparison)
    {
        var text = golden.Required("text").GetString()!;
        var ids = golden.Required("ids").Integers();
        var encoding = _tokenizer.Value.EncodeWithOffsets(text);
        CheckEncoding(golden, comparison, encoding, ids);
        comparison.Sequence("ids without offsets", _tokenizer.Value.Encode(text), ids);
        comparison.Sequence("ids_no_special", _tokenizer.Value.Encode(text, addSpecialTokens: false), golden.Field("ids_no_special")?.Integers() ?? ids);
        CheckText(golden, comparison, ids);
    }

    private void CheckPair(GoldenCase golden, Comparison comparison)
    {
        var encoding = _tokenizer.Value.EncodePair(golden.Required("text").GetString()!, golden.Required("pair").GetString()!);
        CheckEncoding(golden, comparison, encoding, golden.Required("ids").Integers());
        if (golden.Field("sequence_ids") is { } sequences)
            comparison.Sequence(
                "sequence_ids",
                encoding.SequenceIds,
                [.. sequences.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.Null ? (int?)null : item.GetInt32())]);
    }

    private static void CheckEncoding(GoldenCase golden, Comparison comparison, TokenEncoding encoding, int[] ids)
    {
        var zeros = new int[ids.Length];
        comparison.Sequence("ids", encoding.Ids, ids);
        comparison.Sequence("type_ids", encoding.TypeIds, golden.Field("type_ids")?.Integers() ?? zeros);
        comparison.Sequence("special_tokens_mask", encoding.SpecialTokensMask, golden.Field("special_tokens_mask")?.Integers() ?? zeros);
        if (golden.Field("tokens") is { } tokens) comparison.Sequence("tokens", encoding.Tokens, tokens.Strings());
        if (golden.Field("offsets") is not { } offsets) return;
        comparison.Sequence("offsets", encoding.OffsetsInCodePoints, offsets.Spans());
        comparison.Sequence("offsets_utf16", encoding.Offsets, (golden.Field("offsets_utf16") ?? offsets).Spans());
    }

    private void CheckPairTruncation(GoldenCase golden, Comparison comparison)
    {
        var options = new EncodingOptions { Truncation = Strategy(golden.Required("truncation")), MaximumLength = golden.Required("max_length").GetInt32() };
        var isRefused = golden.Field("error") is not null;
        try
        {
            var batch = _called.Value.EncodePairs([(golden.Required("text").GetString()!, golden.Required("pair").GetString()!)], options);
            comparison.Holds(!isRefused, "the truncation was to be refused, and was not");
            if (!isRefused) comparison.Sequence("input_ids", batch.InputIds[0], golden.Required("input_ids").Integers());
        }
        catch (TokenizerException failure) when (!failure.IsUnsupported)
        {
            comparison.Holds(isRefused, failure.Message);
        }
    }

    private void CheckBatch(GoldenCase golden, Comparison comparison)
    {
        var options = golden.Required("options");
        var batch = _called.Value.EncodeBatch(golden.Required("texts").Strings(), new EncodingOptions
        {
            AddSpecialTokens = !options.TryGetProperty("add_special_tokens", out var add) || add.GetBoolean(),
            Truncation = options.TryGetProperty("truncation", out var truncation) ? Strategy(truncation) : null,
            MaximumLength = Integer(options, "max_length"),
            TruncationSide = Side(golden.Text("truncation_side")),
            Padding = options.TryGetProperty("padding", out var padding) ? Padding(padding) : PaddingLength.None,
            PaddingSide = Side(golden.Text("padding_side")),
            PadToMultipleOf = Integer(options, "pad_to_multiple_of"),
        });
        if (golden.Field("pad_token_id") is { } pad) comparison.Exact("pad_token_id", _called.Value.PadTokenId, pad.GetInt32());
        CheckRows(golden, comparison, "input_ids", batch.InputIds);
        CheckRows(golden, comparison, "attention_mask", batch.AttentionMask);
        CheckRows(golden, comparison, "token_type_ids", batch.TypeIds);
    }

    private void CheckOverflow(GoldenCase golden, Comparison comparison)
    {
        var batch = _called.Value.EncodeBatch(golden.Required("texts").Strings(), new EncodingOptions
        {
            Truncation = TruncationStrategy.LongestFirst,
            MaximumLength = golden.Required("max_length").GetInt32(),
            Stride = golden.Required("stride").GetInt32(),
            ReturnOverflow = true,
        });
        CheckRows(golden, comparison, "input_ids", batch.InputIds);
        comparison.Sequence("overflow_to_sample_mapping", batch.TextIndices, golden.Required("overflow_to_sample_mapping").Integers());
    }

    private void CheckDecode(GoldenCase golden, Comparison comparison)
    {
        var ids = golden.Required("ids").Integers();
        if (golden.Field("tokens") is { } tokens) comparison.Sequence("tokens", [.. ids.Select(id => _tokenizer.Value.VocabularyToken(id)!)], tokens.Strings());
        CheckText(golden, comparison, ids);
    }

    private void CheckChat(GoldenCase golden, Comparison comparison)
    {
        var text = ChatTemplateCases.Compare(
            comparison,
            () => _called.Value.ApplyChatTemplate(golden.Required("messages"), golden.Flag("add_generation_prompt"), golden.Field("tools")),
            golden.Text("text"),
            golden.Text("error"));
        if (text is not null && golden.Field("ids") is { } ids) comparison.Sequence("ids", _called.Value.Encode(text, addSpecialTokens: false), ids.Integers());
    }

    private void CheckText(GoldenCase golden, Comparison comparison, int[] ids)
    {
        if (golden.Text("decode_skip_special") is { } skipped)
        {
            comparison.Exact("decode_skip_special", _tokenizer.Value.Decode(ids, skipSpecialTokens: true, addedTokensAsBytes: true), skipped);
            comparison.Exact("decode", _tokenizer.Value.Decode(ids, addedTokensAsBytes: true), golden.Text("decode") ?? skipped);
        }

        if (golden.Text("decode_clean_up") is { } clean)
            comparison.Exact("decode_clean_up", _tokenizer.Value.Decode(ids, skipSpecialTokens: true, cleanUp: true, addedTokensAsBytes: true), clean);
    }

    private static void CheckRows(GoldenCase golden, Comparison comparison, string name, IReadOnlyList<IReadOnlyList<int>> rows)
    {
        if (golden.Field(name) is not { } expected) return;
        comparison.Exact($"rows of {name}", rows.Count, expected.GetArrayLength());
        foreach (var (index, row) in expected.EnumerateArray().Index().Take(rows.Count))
            comparison.Sequence($"{name}[{index}]", rows[index], row.Integers());
    }

    private static int? Integer(JsonElement options, string name) => options.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static TextSide Side(string? name) => name == "left" ? TextSide.Left : TextSide.Right;

    private static PaddingLength Padding(JsonElement padding) => padding.ValueKind switch
    {
        JsonValueKind.False => PaddingLength.None,
        JsonValueKind.String when padding.GetString() == "max_length" => PaddingLength.Maximum,
        JsonValueKind.String when padding.GetString() == "do_not_pad" => PaddingLength.None,
        _ => PaddingLength.Longest,
    };

    private static TruncationStrategy? Strategy(JsonElement truncation) => truncation.ValueKind switch
    {
        JsonValueKind.False => null,
        JsonValueKind.True => TruncationStrategy.LongestFirst,
        _ => truncation.GetString() switch
        {
            "longest_first" => TruncationStrategy.LongestFirst,
            "only_first" => TruncationStrategy.OnlyFirst,
            "only_second" => TruncationStrategy.OnlySecond,
            "do_not_truncate" => null,
            var other => throw new UnsupportedCaseException($"the truncation '{other}' is unknown"),
        },
    };
}
