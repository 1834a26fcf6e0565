using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Conformance.Groups.Models.Modules;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Runs a case of <c>forward.jsonl</c>: one call, or a sequence of calls that continue each other's cache.</summary>
internal static class ForwardCase
{
    /// <summary>Runs the case and compares every output that it records.</summary>
    public static void Check(LoadedModels models, GoldenCase golden, Comparison comparison)
    {
        using var untracked = no_grad();
        if (models.Any(golden) is GoldenModule module)
        {
            var returned = module.Named(golden, module.Call(module.Inputs(golden)));
            ModelCall.Compare(golden, golden.Required("out"), returned, comparison, golden.Tolerance(Tolerance.Forward), null);
            return;
        }

        var model = models.Of(golden);
        if (golden.Text("method") == "predict_contacts")
        {
            var inputs = golden.Required("inputs");
            var contacts = model.PredictContacts(golden.Tensor(inputs.GetProperty("tokens")), golden.Tensor(inputs.GetProperty("attention_mask")));
            comparison.Tensor("value", contacts, golden.Tensor(golden.Required("out").GetProperty("value")), golden.Tolerance(Tolerance.Forward));
            return;
        }

        if (golden.Text("method") is "get_text_features" or "get_image_features")
        {
            var features = model.call(ModelCall.Inputs(golden, golden.Required("inputs"))).Named[golden.Text("method")!["get_".Length..]];
            comparison.Tensor("value", features, golden.Tensor(golden.Required("out").GetProperty("value")), golden.Tolerance(Tolerance.Forward));
            return;
        }

        if (golden.Text("method") == "run_with_custom_contextualization")
        {
            using var output = Contextualized(model, golden);
            ModelCall.Compare(golden, golden.Required("out"), output, comparison, golden.Tolerance(Tolerance.Forward), null);
            return;
        }

        ModelState? past = null;
        try
        {
            foreach (var (step, place) in Steps(golden))
            {
                var tolerance = golden.Tolerance(Tolerance.Forward);
                var mask = step.TryGetProperty("compare_mask", out var compared) ? golden.Tensor(compared) : null;
                var output = model.call(ModelCall.Inputs(golden, step.GetProperty("inputs"), past));
                past = output.Past;
                ModelCall.Compare(golden, step.GetProperty("out"), output, comparison, tolerance, mask, place);
            }
        }
        finally
        {
            past?.Dispose();
        }
    }

    /// <summary>Runs a Backpack with weights of the senses that are given in place of its own: what stands at the place is replaced.</summary>
    private static ModelOutput Contextualized(PretrainedModel model, GoldenCase golden)
    {
        var given = golden.Required("inputs").EnumerateObject().ToDictionary(item => item.Name, item => golden.Tensor(item.Value));
        var weights = given["contextualization"];
        var replace = new CustomIntervention((_, _, _) => weights.alias());
        var site = new SiteSpec { Component = "contextualization" };
        using var plan = InterventionPlan.Bind(model, new InterventionConfig
        {
            Architecture = "backpack_gpt2", Interventions = [new InterventionSpec { Intervention = replace, Site = site }],
        });
        using var run = plan.Run(new ModelInputs { InputIds = given["input_ids"] }, [], new RunOptions { Effects = EffectCheck.Report });
        return run.ToModelOutput().Select(tensor => tensor.clone());
    }

    private static IEnumerable<(JsonElement Step, string Place)> Steps(GoldenCase golden) =>
        golden.Field("steps") is { } steps ? steps.EnumerateArray().Select((step, number) => (step, $"steps[{number}].")) : [(golden.Json, "")];
}
