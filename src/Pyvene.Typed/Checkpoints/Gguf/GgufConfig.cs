using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Makes the fields of a <c>config.json</c> of a GGUF file's metadata.</summary>
internal static class GgufConfig
{
    /// <summary>Keys that change no number, or that are looked at elsewhere.</summary>
    private static readonly string[] Known =
    [
        "vocab_size", "attention.head_count_kv", "attention.key_length", "attention.value_length", "rope.dimension_count", "tensor_data_layout",
        "rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length", "rope.scaling.finetuned", "rope.scale_linear",
    ];

    /// <summary>Returns the fields.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="architecture">The architecture.</param>
    /// <param name="model">The model, for what stands in its tensors.</param>
    /// <param name="factors">What divides the rotary frequencies; <see langword="null"/> = nothing.</param>
    /// <exception cref="CheckpointException">A value is missing, of another kind, or contradicts another.</exception>
    public static Dictionary<string, object?> Fields(GgufMetadata metadata, GgufArchitecture architecture, GgufModel model, float[]? factors)
    {
        var prefix = architecture.Key + ".";
        var fields = new Dictionary<string, object?>
        {
            ["model_type"] = architecture.ModelType,
            ["architectures"] = new[] { architecture.ClassName },
            ["vocab_size"] = model.Stored("token_embd.weight").Shape[0],
            ["tie_word_embeddings"] = !model.Has("output.weight"),
        };
        var known = Known.Select(key => prefix + key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, field) in architecture.Sizes)
        {
            var full = prefix + key.TrimEnd('?');
            known.Add(full);
            if (field.Length == 0) continue;

            if (metadata.Has(full))
            {
                fields[field] = metadata.Value(full) switch { bool flag => flag, float or double => metadata.Number(full), _ => metadata.Whole(full) };
            }
            else if (!key.EndsWith('?'))
            {
                throw metadata.Missing(full);
            }
        }

        if (fields.ContainsKey("num_attention_heads"))
        {
            AddHeads(metadata, prefix, model, fields);
            fields["rope_scaling"] = Scaling(metadata, prefix, fields, factors);
        }

        foreach (var (field, value) in architecture.More(model))
        {
            fields[field] = value;
        }

        foreach (var (key, field) in new[] { ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("padding", "pad_token_id") })
        {
            fields[field] = metadata.Whole($"tokenizer.ggml.{key}_token_id");
        }

        if (metadata.Whole("tokenizer.ggml.eot_token_id") is { } turn && fields["eos_token_id"] is long end && turn != end)
        {
            fields["eos_token_id"] = new[] { end, turn }; // chats end at either
        }

        foreach (var key in metadata.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !known.Contains(key)))
        {
            fields[key] = metadata.Value(key) is { } value and not Array ? value : "a list";
        }

        return fields;
    }

    private static void AddHeads(GgufMetadata metadata, string prefix, GgufModel model, Dictionary<string, object?> fields)
    {
        var width = model.HeadWidth;
        if (metadata.Whole(prefix + "attention.value_length") is { } other && other != width)
        {
            throw new CheckpointException(metadata.Path, $"'{prefix}attention.value_length' is {other}, but keys have {width} features a head; only values "
                + "as wide as keys are supported.") { IsUnsupported = true };
        }

        fields["head_dim"] = width;
        fields["num_key_value_heads"] = metadata.Whole(prefix + "attention.head_count_kv") ?? fields["num_attention_heads"];
        if (metadata.Whole(prefix + "rope.dimension_count") is { } turned && turned != width)
        {
            fields["partial_rotary_factor"] = (turned + 0.25) / width; // the product is rounded down
        }
        else
        {
            fields["partial_rotary_factor"] = 1.0;
        }
    }

    private static Dictionary<string, object?>? Scaling(GgufMetadata metadata, string prefix, Dictionary<string, object?> fields, float[]? factors)
    {
        var kind = metadata.Text(prefix + "rope.scaling.type");
        var factor = metadata.Number(prefix + "rope.scaling.factor") ?? metadata.Number(prefix + "rope.scale_linear");
        if (factors is not null)
        {
            return kind is null or "none"
                ? new() { ["rope_type"] = "longrope", ["short_factor"] = factors, ["long_factor"] = factors, ["attention_factor"] = 1.0,
                    ["original_max_position_embeddings"] = fields["max_position_embeddings"] }
                : throw new CheckpointException(metadata.Path, $"The file holds 'rope_freqs.weight', and '{prefix}rope.scaling.type' is '{Excerpt.Of(kind)}'; "
                    + "both together are not supported.") { IsUnsupported = true };
        }

        return kind is null or "none" or "linear"
            ? kind != "none" && factor is { } linear && linear != 1 ? new() { ["rope_type"] = "linear", ["factor"] = linear } : null
            : new() { ["rope_type"] = kind, ["factor"] = factor,
                ["original_max_position_embeddings"] = metadata.Whole(prefix + "rope.scaling.original_context_length") };
    }
}
