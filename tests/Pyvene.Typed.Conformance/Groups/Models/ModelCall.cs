using System.Text.Json;
using Pyvene.Typed.Models;
using TorchSharp;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Turns the recorded keyword arguments of a call into a model's inputs, and compares what the call returned.</summary>
internal static class ModelCall
{
    /// <summary>Reads the arguments of a call. As in the recorded library, a cache is used unless the case says otherwise.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="arguments">The recorded arguments, by name.</param>
    /// <param name="past">The cache that the previous call returned, for a call that continues it.</param>
    /// <exception cref="UnsupportedCaseException">The library lacks an argument.</exception>
    public static ModelInputs Inputs(GoldenCase golden, JsonElement arguments, KeyValueCache? past = null)
    {
        var inputs = new ModelInputs { UseCache = true };
        foreach (var argument in arguments.EnumerateObject())
        {
            var value = argument.Value;
            inputs = argument.Name switch
            {
                "input_ids" => inputs with { InputIds = golden.Tensor(value) },
                "inputs_embeds" => inputs with { InputsEmbeds = golden.Tensor(value) },
                "pixel_values" => inputs with { PixelValues = golden.Tensor(value) },
                "input" => inputs with { Arguments = [golden.Tensor(value)] },
                "hidden_states" => inputs with { InitialState = golden.Tensor(value) },
                "attention_mask" => inputs with { AttentionMask = golden.Tensor(value) },
                "position_ids" => inputs with { PositionIds = golden.Tensor(value) },
                "token_type_ids" => inputs with { TokenTypeIds = golden.Tensor(value) },
                "head_mask" => inputs with { HeadMask = golden.Tensor(value) },
                "labels" => inputs with { Labels = golden.Tensor(value) },
                "use_cache" => inputs with { UseCache = value.GetBoolean() },
                "output_hidden_states" => inputs with { OutputHiddenStates = value.GetBoolean() },
                "output_attentions" => inputs with { OutputAttentions = value.GetBoolean() },
                "logits_to_keep" => inputs with { Logits = LogitsSelection.Last(value.GetInt32()) },
                "return_dict" => inputs, // How Python packs the outputs; here they have names.
                "past" => value.GetBoolean() ? inputs with { Past = past } : inputs,
                _ => throw new UnsupportedCaseException($"the argument '{argument.Name}' is not supported yet"),
            };
        }

        return inputs;
    }

    /// <summary>Compares every recorded output with what a call returned.</summary>
    public static void Compare(
        GoldenCase golden, JsonElement expected, ModelOutput output, Comparison comparison, Tolerance tolerance, torch.Tensor? mask, string place = "")
    {
        foreach (var value in expected.EnumerateObject())
        {
            var name = place + value.Name;
            switch (value.Name)
            {
                case "logits": comparison.Tensor(name, output.Logits, golden.Tensor(value.Value), tolerance, mask); break;
                case "loss": comparison.Tensor(name, output.Loss, golden.Tensor(value.Value), tolerance); break;
                case "last_hidden_state": comparison.Tensor(name, output.LastHiddenState, golden.Tensor(value.Value), tolerance, mask); break;
                case "pooler_output": comparison.Tensor(name, output.PoolerOutput, golden.Tensor(value.Value), tolerance); break;
                case "hidden_states" when GoldenCase.IsTensor(value.Value): comparison.Tensor(
                    name, output.HiddenStates?[^1], golden.Tensor(value.Value), tolerance, mask); break;
                case "hidden_states": CompareList(golden, value.Value, name, output.HiddenStates, comparison, tolerance, mask); break;
                case "attentions": CompareList(golden, value.Value, name, output.Attentions, comparison, tolerance, mask); break;
                default: throw new UnsupportedCaseException($"the output '{value.Name}' is not supported yet");
            }
        }
    }

    private static void CompareList(
        GoldenCase golden, JsonElement expected, string name, IReadOnlyList<torch.Tensor>? got, Comparison comparison, Tolerance tolerance, torch.Tensor? mask)
    {
        comparison.Exact($"length of {name}", got?.Count ?? 0, expected.GetArrayLength());
        for (var i = 0; i < Math.Min(got?.Count ?? 0, expected.GetArrayLength()); i++)
            comparison.Tensor($"{name}[{i}]", got![i], golden.Tensor(expected[i]), tolerance, mask);
    }
}
