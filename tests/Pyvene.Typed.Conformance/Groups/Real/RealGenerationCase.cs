using Pyvene.Typed.Configuration;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Real;

/// <summary>Runs a case of <c>generate.jsonl</c>: greedy tokens without and with a vector that is added while they are made, and how sure each was.</summary>
internal static class RealGenerationCase
{
    private static readonly Tolerance Margins = new(1e-3, 4e-3); // two logits' tolerance

    /// <summary>Runs the case.</summary>
    public static void Check(PretrainedModel model, GoldenCase golden, Comparison comparison)
    {
        var inputs = new ModelInputs { InputIds = golden.Tensor(golden.Required("input_ids")) };
        var options = new GenerationOptions { MaxNewTokens = golden.Required("max_new_tokens").GetInt32(), OutputLogits = true };
        using var clean = TextGeneration.Generate(model, inputs, options);
        Compare(golden, clean, "clean_ids", "clean_margins", comparison);
        using var plan = InterventionPlan.Bind(model, Config(golden, model));
        using var run = plan.Generate(inputs, [], options);
        Compare(golden, run.Output, "ids", "margins", comparison);
    }

    private static InterventionConfig Config(GoldenCase golden, PretrainedModel model)
    {
        var fields = golden.Required("intervention");
        return new InterventionConfig
        {
            Architecture = ArchitectureDescriptor.FindByClass(model.GetName())!.Key,
            Interventions =
            [
                new InterventionSpec
                {
                    Intervention = InterventionReader.Read(golden, fields, null, "intervention"),
                    Constant = ConstantSource.Of(golden.Tensor(fields.GetProperty("source_representation"))),
                    Site = new SiteSpec
                    {
                        Component = fields.GetProperty("component").GetString(),
                        Layer = fields.GetProperty("layer").GetInt32(),
                        During = golden.Text("steps") switch
                        {
                            "decode" => Steps.Each,
                            "prompt_and_decode" => Steps.Prompt.And(Steps.Each),
                            var steps => throw new CaseFieldException("steps", $"'{steps}' is neither decode nor prompt_and_decode"),
                        },
                    },
                },
            ],
        };
    }

    /// <summary>Compares tokens and margins up to the first token that was almost another.</summary>
    private static void Compare(GoldenCase golden, GenerationOutput output, string ids, string margins, Comparison comparison)
    {
        var expect = golden.Required("expect");
        var wantMargins = expect.GetProperty(margins).EnumerateArray().Select(margin => margin.GetDouble()).ToList();
        var sure = wantMargins.TakeWhile(margin => margin > RealForwardCase.SafeMargin).Count();
        long[] want = [.. expect.GetProperty(ids).EnumerateArray().Take(sure).Select(id => id.GetInt64())];
        comparison.Sequence(ids, [.. output.Sequences[0].data<long>().ToArray().Skip((int)output.PromptLength).Take(sure)], want);
        for (var step = 0; step < sure; step++)
        {
            var best = output.Logits![step].reshape(-1).topk(2).values;
            comparison.Number($"{margins}[{step}]", (best[0] - best[1]).item<float>(), wantMargins[step], Margins);
        }
    }
}
