using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Real;

/// <summary>Runs a case of <c>forward.jsonl</c>: logits, states, attention and greedy tokens of one text, or its loss.</summary>
internal static class RealForwardCase
{
    /// <summary>How far the best token must lie before the second, so that rounding does not exchange them.</summary>
    public const double SafeMargin = 0.02;

    private static readonly Tolerance Values = new(1e-3, 2e-3);
    private static readonly Tolerance States = new(1e-3, 5e-3);
    private static readonly Tolerance Norms = new(1e-4, 0);
    private static readonly Tolerance Probabilities = new(0, 1e-3);

    /// <summary>Runs the case.</summary>
    public static void Check(PretrainedModel model, GoldenCase golden, Comparison comparison)
    {
        using var untracked = no_grad();
        var ids = golden.Tensor(golden.Required("input_ids"));
        var expect = golden.Required("expect");
        var inputs = new ModelInputs { InputIds = ids, OutputHiddenStates = true, OutputAttentions = true };
        if (golden.Text("kind") == "loss")
        {
            var loss = model.call(inputs with { Labels = ids }).Loss!;
            comparison.Number("loss", loss.item<float>(), expect.GetProperty("loss").GetDouble(), Values);
            return;
        }

        var output = model.call(inputs);
        CompareLogits(golden, output.Logits!, comparison);
        var states = stack(output.HiddenStates!);
        var norms = golden.Tensor(expect.GetProperty("hidden_states_norm"));
        comparison.Tensor("hidden_states_norm", states.norm(-1, false, 2).reshape(norms.shape), norms, Norms);
        var first = golden.Tensor(expect.GetProperty("hidden_states_first16"));
        comparison.Tensor("hidden_states_first16", states.narrow(-1, 0, 16).reshape(first.shape), first, States);
        foreach (var head in expect.GetProperty("attention").EnumerateArray())
        {
            var (layer, number) = (head.GetProperty("layer").GetInt32(), head.GetProperty("head").GetInt64());
            var want = golden.Tensor(head.GetProperty("probabilities"));
            comparison.Tensor($"attention {layer}.{number}", output.Attentions![layer].select(1, number).reshape(want.shape), want, Probabilities);
        }

        CompareGreedy(model, ids, golden, comparison);
    }

    /// <summary>Compares the largest logits and the probed ones: at every position, or at the last, as was recorded.</summary>
    public static void CompareLogits(GoldenCase golden, Tensor logits, Comparison comparison)
    {
        var expect = golden.Required("expect");
        var (top, values, probed) = (expect.GetProperty("top_ids"), expect.GetProperty("top_values"), expect.GetProperty("probe_values"));
        var (topIds, want) = (golden.Tensor(top), golden.Tensor(probed));
        var rows = want.numel() / want.shape[^1];
        var all = logits.reshape(-1, logits.shape[^1]);
        all = rows == all.shape[0] ? all : logits.select(1, -1);
        var wantTop = golden.Tensor(values);
        comparison.Tensor("top_values", all.gather(1, topIds.reshape(rows, -1).to(ScalarType.Int64)).reshape(wantTop.shape), wantTop, Values);
        var probes = tensor(golden.Required("probe_ids").EnumerateArray().Select(id => id.GetInt64()).ToArray());
        comparison.Tensor("probe_values", all.index_select(1, probes).reshape(want.shape), want, Values);
        comparison.Tensor("best", all.topk(1).values.reshape(-1), wantTop.reshape(rows, -1).select(1, 0).reshape(-1), Values);
    }

    private static void CompareGreedy(PretrainedModel model, Tensor ids, GoldenCase golden, Comparison comparison)
    {
        var expect = golden.Required("expect");
        var want = expect.GetProperty("greedy_ids").EnumerateArray().Select(id => id.GetInt64()).ToArray();
        var sure = expect.GetProperty("greedy_margins").EnumerateArray().TakeWhile(margin => margin.GetDouble() > SafeMargin).Count();
        using var generated = TextGeneration.Generate(
            model, new ModelInputs { InputIds = ids }, new GenerationOptions { MaxNewTokens = want.Length });
        comparison.Sequence("greedy_ids", [.. generated.Sequences[0].data<long>().ToArray().Skip((int)ids.shape[1]).Take(sure)], [.. want.Take(sure)]);
    }
}
