using Pyvene.Typed.Analysis;
using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>A picture of each view, as docs/pictures.md shows them, by the name of its file.</summary>
internal static class Gallery
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    /// <summary>Returns the pictures.</summary>
    public static IReadOnlyList<(string Name, Picture Picture)> Draw()
    {
        using var model = Gpt2.Load(Path.Combine(Repository.Root, "models", "primer"));
        var positions = model.Sweep(
            Gpt2.AllLayers,
            Positions.All,
            (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)),
            Spain,
            Italy,
            Metric.Probability(" Rome"));
        var heads = model.Sweep(
            Gpt2.AllLayers,
            Gpt2.AllHeads,
            (layer, head) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1)),
            Spain,
            Italy,
            Metric.LogitDifference(" Rome", " Madrid"));
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1))
            .Collect(Gpt2.Layer(4).AttentionWeight, out var fourth)
            .Collect(Gpt2.Layer(5).AttentionWeight, out var fifth);
        using var run = model.Run(experiment, Spain, Italy);
        using var text = model.Run("The capital of Spain is Madrid and the capital of Italy is Rome");
        return
        [
            ("positions", positions.HeatMap()),
            ("heads", heads.HeatMap()),
            ("attention", run.Attention([fourth, fifth], layer: 1, head: 1)),
            ("tokens", text.Tokens()),
            ("before-after", run.BeforeAfter()),
            ("lens", LensTable.Of(
                "logit lens (numbers of an example)",
                ["layer 0", "layer 1", "layer 2"],
                [" of", " Spain", " is"],
                new LensCell[,]
                {
                    { new(" the", 0.12, 310), new(" and", 0.2, 95), new(" a", 0.3, 41) },
                    { new(" Spain", 0.41, 88), new(" is", 0.67, 12), new(" Lisbon", 0.34, 2) },
                    { new(" Spain", 0.55, 60), new(" is", 0.93, 9), new(" Madrid", 0.97, 0) },
                },
                "“ Madrid”")),
            ("contributions", Contributions.Of(
                "logit of “ Madrid” (numbers of an example)",
                [("embedding", 0.4), ("attention 0", -0.6), ("mlp 0", 1.1), ("attention 1", 5.2), ("mlp 1", -1.3)],
                total: 5.1)),
            ("curves", Curves.Of("accuracy", "step", ("rotation", [0.5, 0.61, 0.78, 0.92, 0.97, 0.98]), ("mask", [0.5, 0.52, 0.6, 0.66, 0.71, 0.72]))),
        ];
    }
}
