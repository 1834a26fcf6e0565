using Pyvene.Typed.Analysis;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using Pyvene.Typed.Tests.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>The logit lens decodes as the model does: laws over every shipped model with a head of tokens, and the primer's real case.</summary>
public sealed class LensTests
{
    private const string Spain = "The capital of Spain is";

    private static readonly Prompt Ids = Prompt.OfTokens([[5, 9, 14, 9, 3], [7, 11]]);

    public static TheoryData<string, string> Decoding => ShippedModels.ClassesThat((key, name) => key is not ("t5" or "gru")
        && (name.EndsWith("ForCausalLM", StringComparison.Ordinal) || name.EndsWith("LMHeadModel", StringComparison.Ordinal)
            || name.EndsWith("ForMaskedLM", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Decoding))]
    public void TheLastLayersLensIsTheLogits(string key, string className)
    {
        using var model = new LanguageModel(ShippedModels.Create(key, className), null);
        var lens = model.Lens(Ids, token: 14, top: 3);
        using var run = model.Run(Ids);
        Assert.Equal(2, lens.LayerCount);
        foreach (var (example, length) in run.Lengths.Index())
        {
            for (var position = 0; position < length; position++)
            {
                using var scope = NewDisposeScope();
                var logs = run.LogitsAt(example, position).log_softmax(-1); // [vocab]
                var place = lens[lens.LayerCount - 1, position, example];
                Assert.Equal(logs[14].item<float>(), place.LogProbability!.Value, 1e-4);
                Assert.InRange(Math.Exp(logs.max().item<float>()) - place.Top[0].Probability, -1e-4, 1e-4);
                Assert.Equal((int)logs.gt(logs[14]).sum([0]).item<long>(), place.Rank);
            }
        }
    }

    [Fact]
    public void AnEarlierLayerIsDecodedWithTheStatisticsOfItsOwnVector()
    {
        using var scope = NewDisposeScope();
        using var run = Primer.Model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(2).BlockOutput.At(^1), out var stream), Spain);
        var weights = Primer.Module.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var x = run[stream][0, 0]; // [dModel]
        var centred = x - x.mean();
        var normed = (centred / (centred.pow(2).mean() + 1e-5).sqrt() * weights["transformer.ln_f.weight"]) + weights["transformer.ln_f.bias"];
        var logs = weights["transformer.wte.weight"].matmul(normed).log_softmax(-1); // [vocab]; the head is tied
        var place = Primer.Model.Lens(Spain, " Madrid")[2, ^1];
        Assert.True(Primer.Model.Tokenizer!.TryGetId(" Madrid", out var madrid));
        Assert.Equal(logs[madrid].item<float>(), place.LogProbability!.Value, 1e-3);
        Assert.Equal(logs.argmax().item<long>(), place.Top[0].Id);
    }

    [Fact]
    public void BatchesHaveTheNumbersOfEachPromptAndATokenOfTheirOwn()
    {
        string[] prompts = ["When Mary and John went to the store, John gave a drink to", Spain];
        var together = Primer.Model.Lens(prompts, new[] { " Mary", " Madrid" });
        var alone = Primer.Model.Lens(Spain, " Madrid");
        Assert.Equal([" of", " Spain", " is"], together.TokensOf(1).Skip(2));
        Assert.All(Enumerable.Range(0, alone.LayerCount), layer =>
        {
            Assert.Equal(alone[layer, ^1].Rank, together[layer, ^1, 1].Rank);
            Assert.Equal(alone[layer, ^1].LogProbability!.Value, together[layer, ^1, 1].LogProbability!.Value, 1e-3);
        });
        Assert.Equal(0, together[alone.LayerCount - 1, ^1, 1].Rank);
        Assert.Equal(" Madrid", alone[alone.LayerCount - 1, ^1].Top[0].Text);
        Assert.StartsWith("(rank of “ Madrid”)  The", alone.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutATokenNoRankIsTold()
    {
        var place = Primer.Model.Lens(Spain, top: 2)[0, 0];
        Assert.Null(place.Rank);
        Assert.Null(place.LogProbability);
        Assert.Equal(2, place.Top.Count);
    }

    [Fact]
    public void WhatHasNoHeadOfTokensIsRefusedByName()
    {
        (string Key, string Name)[] without =
            [("gpt2", "GPT2Model"), ("gpt2", "GPT2ForSequenceClassification"), ("t5", "T5ForConditionalGeneration"), ("gru", "GRULMHeadModel")];
        foreach (var (key, name) in without)
        {
            using var model = new LanguageModel(ShippedModels.Create(key, name), null);
            var error = Assert.Throws<InterventionException>(() => model.Lens(Ids));
            Assert.Contains($"a {name} has none such", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TokensAndPlacesThatDoNotExistAreRefusedByName()
    {
        Refuses("Madrid is", "\"Madrid is\" is not one token");
        Refuses(new[] { " a", " b" }, "There are 2 tokens (“ a”, “ b”), but 1 prompt;");
        Refuses(999999, "but none of #999999");
        var lens = Primer.Model.Lens(Spain);
        Assert.Throws<ArgumentOutOfRangeException>(() => lens[99, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => lens[0, 99]);
        Assert.Throws<ArgumentOutOfRangeException>(() => lens[0, 0, 1]);

        static void Refuses(TokenChoice token, string why) =>
            Assert.Contains(why, Assert.Throws<InterventionException>(() => Primer.Model.Lens(Spain, token)).Message, StringComparison.Ordinal);
    }
}
