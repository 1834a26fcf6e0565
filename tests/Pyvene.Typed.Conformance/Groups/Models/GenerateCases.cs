using System.Text.Json;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Runs a case of <c>generate.jsonl</c>: one call of <c>generate()</c>.</summary>
internal static class GenerateCases
{
    /// <summary>Runs the case and compares the texts and every number that it records.</summary>
    public static void Check(LoadedModels models, GoldenCase golden, Comparison comparison)
    {
        var model = models.Of(golden);
        var config = golden.Required("config").GetRawText();
        var options = GenerationOptions.Parse(config, $"case '{golden.Id}'", GenerationOptions.Load(models.Folder)) with
        {
            OutputScores = true,
            OutputLogits = true,
            Seed = golden.Field("seed")?.GetInt64(),
        };
        using var output = TextGeneration.Generate(model, ModelCall.Inputs(golden, golden.Required("inputs")), options);
        foreach (var value in golden.Required("out").EnumerateObject())
        {
            Compare(golden, value.Name, value.Value, output, comparison, golden.Tolerance(Tolerance.Forward));
        }
    }

    private static void Compare(GoldenCase golden, string name, JsonElement expected, GenerationOutput output, Comparison comparison, Tolerance tolerance)
    {
        switch (name)
        {
            case "sequences": comparison.Tensor(name, output.Sequences, golden.Tensor(expected), tolerance); break;
            case "scores": comparison.Tensor(name, stack(output.Scores!), Steps(golden, expected), tolerance); break;
            case "logits": comparison.Tensor(name, stack(output.Logits!), Steps(golden, expected), tolerance); break;
            case "beam_indices": comparison.Tensor(name, output.BeamIndices, golden.Tensor(expected), tolerance); break;
            case "sequences_scores": comparison.Tensor(name, output.SequencesScores, golden.Tensor(expected), tolerance); break;
            default: throw new UnsupportedCaseException($"the output '{name}' is not supported yet");
        }
    }

    /// <summary>Reads the numbers of all steps, recorded as one tensor or as a list of one a step: [step, row, vocab].</summary>
    private static Tensor Steps(GoldenCase golden, JsonElement expected) =>
        GoldenCase.IsTensor(expected) ? golden.Tensor(expected) : stack([.. expected.EnumerateArray().Select(golden.Tensor)]);
}
