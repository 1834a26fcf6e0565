using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Descriptors;
using Pyvene.Typed.Tests.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Logits are the sum of their parts, in every shipped decoder that says what its residual stream is the sum of.</summary>
public sealed class AttributionTests
{
    private const string Italy = "The capital of Italy is";

    private static readonly Prompt Ids = Prompt.OfTokens([[5, 9, 14, 9, 3], [7, 11]]);

    // A Backpack's stream runs into weights of senses.
    private static bool IsDecoder(string name) => name.EndsWith("ForCausalLM", StringComparison.Ordinal)
        || (name.EndsWith("LMHeadModel", StringComparison.Ordinal) && name != "BackpackGPT2LMHeadModel");

    public static TheoryData<string, string> Decoders =>
        ShippedModels.ClassesThat((key, name) => IsDecoder(name) && ShippedModels.Find(key).Residuals.Count > 0);

    public static TheoryData<string, string> WithHeads => ShippedModels.ClassesThat((key, name) => IsDecoder(name) && ShippedModels.Find(key) is var descriptor
        && descriptor.Residuals.Count > 0 && descriptor.Components.Any(component => component.Name == "attention_value_output"));

    public static TheoryData<string> Larger => [.. TinyModels.LanguageModelNames.Where(name => name != "OPTForCausalLM")];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void ThePartsAddUpToTheLogits(string key, string className)
    {
        using var model = new LanguageModel(ShippedModels.Create(key, className), null);
        AddUp(model, model.Attribution(Ids, 14), 14, null);
        AddUp(model, model.Attribution(Ids, 14, 2), 14, 2);
    }

    [Theory]
    [MemberData(nameof(WithHeads))]
    public void TheHeadsAddUpToTheirAttention(string key, string className)
    {
        using var model = new LanguageModel(ShippedModels.Create(key, className), null);
        var (whole, heads) = (model.Attribution(Ids, 14), model.Attribution(Ids, 14, byHead: true));
        AddUp(model, heads, 14, null);
        var scale = Scale(whole);
        foreach (var attention in whole.Parts.Where(part => heads.Parts.All(other => other.Name != part.Name)))
        {
            var split = heads.Parts
                .Where(part => part.Layer == attention.Layer && (part.Head is not null || part.Name == $"bias of {attention.Name}"))
                .ToArray();
            Assert.Equal(model.HeadCount, split.Count(part => part.Head is not null));
            Assert.All(Enumerable.Range(0, 2), example => Assert.Equal(attention.Values[example], split.Sum(part => part.Values[example]), 1e-4 * scale));
        }
    }

    [Theory]
    [MemberData(nameof(Larger))]
    public void ThePartsAddUpWithWindowsExpertsAndPartialRotations(string className)
    {
        using var model = new LanguageModel(TinyModels.Create(className), null);
        AddUp(model, model.Attribution(Ids, 14), 14, null);
        AddUp(model, model.Attribution(Ids, 14, byHead: true), 14, null);
    }

    [Fact]
    public void APartIsTheTermBehindTheNormHeldAtTheWholesStatistics()
    {
        using var scope = NewDisposeScope();
        var experiment = Gpt2.Experiment
            .Collect(Gpt2.Layer(3).MlpOutput.At(^1), out var term)
            .Collect(Gpt2.Layer(5).BlockOutput.At(^1), out var stream);
        using var run = Primer.Model.Run(experiment, Italy);
        var weights = Primer.Module.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var (x, part) = (run[stream][0, 0], run[term][0, 0]); // [dModel]
        Assert.True(Primer.Model.Tokenizer!.TryGetId(" Rome", out var rome) & Primer.Model.Tokenizer.TryGetId(" Paris", out var paris));
        var direction = weights["transformer.wte.weight"][rome] - weights["transformer.wte.weight"][paris];
        var held = (part - part.mean()) / ((x - x.mean()).pow(2).mean() + 1e-5).sqrt() * weights["transformer.ln_f.weight"];
        var attribution = Primer.Model.Attribution(Italy, " Rome", " Paris");
        Assert.Equal(direction.dot(held).item<float>(), attribution[Gpt2.Layer(3).MlpOutput].Values[0], 1e-3);
        Assert.Equal(direction.dot(weights["transformer.ln_f.bias"]).item<float>(), attribution["bias of the final norm"].Values[0], 1e-3);
        using var plain = Primer.Model.Run(Italy);
        Assert.Equal(attribution.Total[0], plain.Measure(Metric.LogitDifference(" Rome", " Paris")).Mean, 1e-3);
    }

    [Fact]
    public void BoundedLogitsSayWhatTheBoundChanges()
    {
        using var model = new LanguageModel(TinyModels.Create("Gemma2ForCausalLM"), null);
        Assert.Equal("bound of the logits", model.Attribution(Ids, 14).Parts[^1].Name);
        Assert.DoesNotContain(Primer.Model.Attribution(Italy, " Rome").Parts, part => part.Name == "bound of the logits");
    }

    [Fact]
    public void ModelsWhoseTermsAreNotKnownAreRefusedByName()
    {
        using var opt = new LanguageModel(TinyModels.Create("OPTForCausalLM"), null);
        Assert.Contains(
            "'opt' has no \"residual\"", Assert.Throws<InterventionException>(() => opt.Attribution(Ids, 14)).Message, StringComparison.Ordinal);
        using var bare = new LanguageModel(ShippedModels.Create("gpt2", "GPT2Model"), null);
        Assert.Contains(
            "a GPT2Model is no such model", Assert.Throws<InterventionException>(() => bare.Attribution(Ids, 14)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Primer.Model.Attribution(Italy, null!));
        var error = Assert.Throws<ArgumentException>(() => Primer.Model.Attribution(Italy, " Rome")["mlp"]);
        Assert.Contains("embeddings, attention_output of layer 0", error.Message, StringComparison.Ordinal);
    }

    private static double Scale(LogitAttribution attribution) =>
        1 + attribution.Parts.Max(part => part.Values.Max(Math.Abs)) + attribution.Total.Max(Math.Abs);

    private static void AddUp(LanguageModel model, LogitAttribution attribution, int token, int? other)
    {
        using var run = model.Run(Ids);
        for (var example = 0; example < 2; example++)
        {
            using var scope = NewDisposeScope();
            var logits = run.LogitsAt(example, ^1);
            var expected = logits[token].item<float>() - (other is { } against ? logits[against].item<float>() : 0);
            Assert.Equal(expected, attribution.Total[example], 1e-4 * Scale(attribution));
            Assert.Equal(expected, attribution.Parts.Sum(part => part.Values[example]), 1e-4 * Scale(attribution));
            Assert.InRange(attribution.Rest[example], -1e-4 * Scale(attribution), 1e-4 * Scale(attribution));
        }
    }
}
