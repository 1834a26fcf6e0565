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
    /// <param name="past">What the previous kept, for a call that goes on from it.</param>
    /// <exception cref="UnsupportedCaseException">The library lacks an argument.</exception>
    public static ModelInputs Inputs(GoldenCase golden, JsonElement arguments, ModelState? past = null)
    {
        var inputs = new ModelInputs { UseCache = true };
        foreach (var argument in arguments.EnumerateObject())
        {
            var value = argument.Value;
            inputs = argument.Name switch
            {
                "input" => inputs with { Arguments = [golden.Tensor(value)] },
                "hidden_states" => inputs with { InitialState = golden.Tensor(value) },
                "use_cache" => inputs with { UseCache = value.GetBoolean() },
                "output_hidden_states" => inputs with { OutputHiddenStates = value.GetBoolean() },
                "output_attentions" => inputs with { OutputAttentions = value.GetBoolean() },
                "logits_to_keep" => inputs with { Logits = LogitsSelection.Last(value.GetInt32()) },
                "return_dict" => inputs, // How Python packs the outputs; here they have names.
                "cache_position" => inputs, // How far the state has come, which it knows itself.
                "past" => value.GetBoolean() ? inputs with { Past = past } : inputs,
                "output_router_logits" => inputs with { OutputRouterLogits = value.GetBoolean() },
                "return_loss" => inputs with { ReturnLoss = value.GetBoolean() },
                "interpolate_pos_encoding" => inputs with { InterpolatesPositions = value.GetBoolean() },
                var name => InputField.All.FirstOrDefault(input => input.Name == name) is { } field
                    ? inputs.With(field, golden.Tensor(value))
                    : throw new UnsupportedCaseException($"the argument '{name}' is not supported yet"),
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
            var (owner, field) = OwnerOf(output, value.Name);
            var name = place + value.Name;
            switch (field)
            {
                case var part when value.Value.ValueKind is JsonValueKind.Object && !GoldenCase.IsTensor(value.Value):
                    Compare(golden, value.Value, PartOf(output, part), comparison, tolerance, mask, name + ".");
                    break;
                case "logits": Tensor(owner.Logits, mask); break;
                case "loss": Tensor(owner.Loss); break;
                case "last_hidden_state": Tensor(owner.LastHiddenState, mask); break;
                case "pooler_output": Tensor(owner.PoolerOutput); break;
                case "hidden_states" when GoldenCase.IsTensor(value.Value): Tensor(owner.HiddenStates?[^1], mask); break;
                case "hidden_states": List(owner.HiddenStates); break;
                case "attentions": List(owner.Attentions); break;
                case "cross_attentions": List(owner.CrossAttentions); break;
                case "router_logits": List(owner.RouterLogits); break;
                default:
                    Tensor(owner.Named.GetValueOrDefault(field)
                        ?? throw new UnsupportedCaseException($"the output '{value.Name}' is not supported yet"));
                    break;
            }

            void Tensor(torch.Tensor? got, torch.Tensor? where = null) => comparison.Tensor(name, got, golden.Tensor(value.Value), tolerance, where);

            void List(IReadOnlyList<torch.Tensor>? got) => CompareList(golden, value.Value, name, got, comparison, tolerance, mask);
        }
    }

    /// <summary>Finds what has a recorded output: a part by the output's prefix, or the model itself, whose decoder is no part.</summary>
    private static (ModelOutput Owner, string Field) OwnerOf(ModelOutput output, string name) =>
        name.StartsWith("encoder_", StringComparison.Ordinal) && output.Parts.TryGetValue("encoder", out var encoder) ? (encoder, name["encoder_".Length..])
        : output.Parts.ContainsKey("encoder") && name.StartsWith("decoder_", StringComparison.Ordinal) ? (output, name["decoder_".Length..])
        : (output, name);

    private static ModelOutput PartOf(ModelOutput output, string name) =>
        output.Parts.GetValueOrDefault(name.Replace("_model_output", "", StringComparison.Ordinal))
            ?? throw new UnsupportedCaseException($"the output '{name}' is not supported yet");

    private static void CompareList(
        GoldenCase golden, JsonElement expected, string name, IReadOnlyList<torch.Tensor>? got, Comparison comparison, Tolerance tolerance, torch.Tensor? mask)
    {
        comparison.Exact($"length of {name}", got?.Count ?? 0, expected.GetArrayLength());
        for (var i = 0; i < Math.Min(got?.Count ?? 0, expected.GetArrayLength()); i++)
            comparison.Tensor($"{name}[{i}]", got![i], golden.Tensor(expected[i]), tolerance, mask);
    }
}
