using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Lab.Tests;

/// <summary>What lenses, attributions and head detectors find is drawn as it is.</summary>
public sealed class LensPictureTests
{
    private const string Spain = "The capital of Spain is";
    private static readonly Lazy<LanguageModel<Gpt2>> Shared = new(() => Gpt2.Load(Path.Combine(Repository.Root, "models", "primer")));

    private static LanguageModel<Gpt2> Model => Shared.Value;

    [Fact]
    public void ALensIsATableOfLayersAndTokens()
    {
        var lens = Model.Lens(Spain, " Madrid");
        var text = LensTable.Of(lens).ToText();
        Assert.StartsWith("logit lens, rank of “ Madrid”\n", text, StringComparison.Ordinal);
        Assert.Contains("“·Madrid”", text.Split('\n').Last(line => line.StartsWith("layer 5", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("rank", LensTable.Of(Model.Lens(Spain)).ToText(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LensTable.Of(lens, example: 1));
    }

    [Fact]
    public void AnAttributionIsBarsThatLeaveNoRest()
    {
        var attribution = Model.Attribution(new[] { Spain, "The capital of Italy is" }, new[] { " Madrid", " Rome" }, byHead: true);
        foreach (var example in new int?[] { null, 0, 1 })
        {
            var text = Contributions.Of(attribution, example, largest: 8).ToText();
            Assert.DoesNotContain(Contributions.Rest, text, StringComparison.Ordinal);
            Assert.Contains("embeddings", Contributions.Of(attribution, example, largest: 99).ToText(), StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Contributions.Of(attribution, example: 2));
    }

    [Fact]
    public void ScoresOfHeadsGoFromBlankToFullAndListTheHighest()
    {
        var scores = Model.HeadScores(HeadPattern.PreviousToken);
        var picture = scores.HeatMap(top: 3);
        var best = scores.Highest(1)[0];
        Assert.Contains("highest", Parsed.Of(picture.ToSvg()).Texts());
        Assert.DoesNotContain("clean", picture.ToHtml(), StringComparison.Ordinal);
        Assert.Contains($"  1. layer {best.Layer}, head {best.Head}, ", picture.ToText(), StringComparison.Ordinal);
    }
}
