using System;
using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows what other libraries and papers call what this one has.</summary>
internal static class NamesElsewhere
{
    private static readonly Dictionary<string, string[]> Here = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Ablate"] = ["Zero"],
        ["Knockout"] = ["Zero"],
        ["ZeroAblate"] = ["Zero"],
        ["Swap"] = ["Interchange"],
        ["Patch"] = ["Interchange"],
        ["Replace"] = ["Interchange"],
        ["Set"] = ["Interchange"],
        ["Vanilla"] = ["Interchange"],
        ["Steer"] = ["Add"],
        ["Addition"] = ["Add"],
        ["Sub"] = ["Subtract"],
        ["Subtraction"] = ["Subtract"],
        ["Cache"] = ["Collect"],
        ["Read"] = ["Collect"],
        ["Record"] = ["Collect"],
        ["Save"] = ["ToConfig"],
        ["ToJson"] = ["ToConfig"],
        ["Hook"] = ["Apply", "Collect"],
        ["Intervene"] = ["Apply"],
        ["Position"] = ["At", "Query", "AtStep"],
        ["Positions"] = ["At", "Query", "AtStep"],
        ["Pos"] = ["At", "Query", "AtStep"],
        ["Token"] = ["At", "Query"],
        ["Tokens"] = ["At", "Query"],
        ["TimeStep"] = ["AtStep"],
        ["Step"] = ["AtStep"],
        ["Key"] = ["Query"],
        ["Dimensions"] = ["Features"],
        ["Subspace"] = ["Features"],
        ["Slice"] = ["Features"],
        ["Source"] = ["From"],
        ["Forward"] = ["Run"],
        ["Call"] = ["Run"],
        ["RunAsync"] = ["Run"],
        ["GenerateAsync"] = ["Generate"],
        ["Plan"] = ["Bind"],
        ["Compile"] = ["Bind"],
        ["Backward"] = ["Gradients"],
        ["Grad"] = ["Gradient"],
        ["NumLayers"] = ["LayerCount"],
        ["NLayers"] = ["LayerCount"],
        ["NumHeads"] = ["HeadCount"],
        ["NHeads"] = ["HeadCount"],
        ["HiddenDim"] = ["HiddenSize"],
        ["DModel"] = ["HiddenSize"],
        ["Width"] = ["HiddenSize"],
        ["TopK"] = ["TopTokens"],
        ["Top"] = ["TopTokens"],
        ["Prediction"] = ["TopTokens"],
        ["Predict"] = ["Run"],
        ["RunWithCache"] = ["Run"],
        ["Trace"] = ["Run"],
        ["Stream"] = ["StreamAsync"],
        ["FromPretrained"] = ["Load"],
        ["LoadAsync"] = ["Load"],
        ["Effects"] = ["Receipts"],
        ["Prob"] = ["Probability"],
        ["Probabilities"] = ["Probability"],
        ["Rank"] = ["Measure"],
        ["LogitDiff"] = ["LogitDifference"],
        ["KlDivergence"] = ["DivergenceFromClean"],
        ["Text"] = ["Texts"],
        ["All"] = ["Each"],
        ["Every"] = ["Each"],
        ["Always"] = ["Each"],
        ["Generated"] = ["Each"],
        ["ResidPre"] = ["BlockInput"],
        ["ResidPost"] = ["BlockOutput"],
        ["Residual"] = ["BlockOutput"],
        ["ResidualStream"] = ["BlockOutput"],
        ["HiddenStates"] = ["BlockOutput"],
        ["AttnOut"] = ["AttentionOutput"],
        ["MlpOut"] = ["MlpOutput"],
        ["MlpPost"] = ["MlpActivation"],
        ["Neurons"] = ["MlpActivation"],
        ["Pattern"] = ["AttentionWeight"],
        ["AttentionPattern"] = ["AttentionWeight"],
        ["Attentions"] = ["AttentionWeight"],
        ["Q"] = ["HeadQueryOutput", "QueryOutput"],
        ["K"] = ["HeadKeyOutput", "KeyOutput"],
        ["V"] = ["HeadValueOutput", "ValueOutput"],
        ["Z"] = ["HeadAttentionValueOutput"],
        ["HeadOutput"] = ["HeadAttentionValueOutput"],
        ["HeadAttentionOutput"] = ["HeadAttentionValueOutput"],
    };

    /// <summary>Returns the member that a name from elsewhere means, or <see langword="null"/>.</summary>
    /// <param name="name">The name; <c>hook_resid_pre</c> is read as <c>ResidPre</c>.</param>
    /// <param name="members">The members that are there.</param>
    public static string? Meaning(string name, IReadOnlyCollection<string> members)
    {
        var plain = name.Replace("_", "");
        if (plain.StartsWith("hook", StringComparison.OrdinalIgnoreCase) && plain.Length > 4) plain = plain.Substring(4);
        return Here.TryGetValue(plain, out var here) ? here.FirstOrDefault(members.Contains) : null;
    }
}
