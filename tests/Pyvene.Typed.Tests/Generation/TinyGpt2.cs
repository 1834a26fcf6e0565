using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>A GPT-2 with 23 tokens and random weights, large enough that its next tokens differ, and prompts for it.</summary>
internal static class TinyGpt2
{
    public const int Vocabulary = 23;

    public static PretrainedModel Create(long seed = 3) => ModelLoader.Create(
        ModelConfig.Parse(
            $$"""{"model_type": "gpt2", "vocab_size": {{Vocabulary}}, "n_positions": 48, "n_embd": 16, "n_layer": 2, "n_head": 2, "initializer_range": 0.6}""",
            "a test"),
        "GPT2LMHeadModel", seed);

    public static ModelInputs Prompt(params long[][] rows)
    {
        var length = rows.Max(row => row.Length);
        var padding = rows.Select(row => length - row.Length).ToArray();
        var ids = rows.SelectMany((row, i) => Enumerable.Repeat(0L, padding[i]).Concat(row)).ToArray();
        var mask = rows.SelectMany((row, i) => Enumerable.Repeat(0L, padding[i]).Concat(row.Select(_ => 1L))).ToArray();
        return new ModelInputs { InputIds = tensor(ids).view(rows.Length, length), AttentionMask = tensor(mask).view(rows.Length, length) };
    }

    public static long[][] Generate(PretrainedModel model, ModelInputs inputs, GenerationOptions options)
    {
        using var output = TextGeneration.Generate(model, inputs, options);
        return Rows(output);
    }

    /// <summary>The new tokens of every text.</summary>
    public static long[][] Rows(GenerationOutput output)
    {
        using var scope = NewDisposeScope();
        var fresh = output.Sequences.narrow(1, output.PromptLength, output.Sequences.shape[1] - output.PromptLength).contiguous();
        return [.. Enumerable.Range(0, (int)fresh.shape[0]).Select(row => fresh[row].data<long>().ToArray())];
    }
}
