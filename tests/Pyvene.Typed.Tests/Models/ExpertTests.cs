using System.Text.RegularExpressions;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Models whose MLP is a row of experts.</summary>
public sealed partial class ExpertTests : IDisposable
{
    private const int Experts = 4;

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("model.layers[1].block_sparse_moe.experts[2]")]
    [InlineData("model.layers[1].block_sparse_moe.experts[2].w3")]
    public void InsideOfAnExpertNothingIsIntervenedOnSinceItsRowsAreThoseThatWereSentThere(string path)
    {
        using var model = TinyModels.Create("MixtralForCausalLM");
        var refused = Assert.Throws<InterventionException>(() => InterventionPlan.Bind(model, new InterventionConfig
        {
            Interventions = [new InterventionSpec { Intervention = new Zero(), Site = new SiteSpec { ModulePath = path } }],
        }));
        Assert.Contains(
            "the rows of 'model.layers.1.block_sparse_moe.experts.2' are the tokens that are sent there, not the examples", refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnExpertThatAnInterventionMadeUpIsRefusedByItsNumber()
    {
        using var model = TinyModels.Create("GptOssForCausalLM");
        using var plan = InterventionPlan.Bind(model, new InterventionConfig
        {
            Architecture = "gpt_oss",
            Interventions =
            [
                new InterventionSpec
                {
                    Intervention = new CustomIntervention((values, _, _) => full_like(values, Scalars.Of(99)), "made_up"),
                    Site = new SiteSpec { Component = "router_indices", Layer = 0 },
                },
            ],
        });
        var refused = Assert.ThrowsAny<Exception>(() => plan.Run(new ModelInputs { InputIds = TinyGpt2.Tokens(1, 4) }));
        Assert.Contains("is sent to expert 99, but there are", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExpertIsCalledWithItsTokensAloneAndOneThatNobodyChoseNotAtAll()
    {
        using var model = TinyModels.Create("MixtralForCausalLM");
        var calls = new Dictionary<string, long>();
        foreach (var (name, module) in model.named_modules().Where(item => Expert().IsMatch(item.name)))
        {
            ((nn.Module<Tensor, Tensor>)module).register_forward_hook((_, input, output) =>
            {
                Assert.Equal(2, input.ndim);
                calls.Add(name, input.shape[0]);
                return output;
            });
        }

        foreach (var length in (int[])[1, 8])
        {
            calls.Clear();
            var output = model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(1, length), OutputRouterLogits = true });
            var expected = output.RouterLogits!.SelectMany((scores, layer) => scores.topk(2, 1).indexes.reshape(-1).data<long>().ToArray()
                .GroupBy(expert => expert).Select(served => ($"model.layers.{layer}.block_sparse_moe.experts.{served.Key}", (long)served.Count())));
            Assert.Equal(expected.Order(), calls.Select(call => (call.Key, call.Value)).Order());
        }
    }

    [Theory]
    [InlineData("mixtral", "MixtralForCausalLM")]
    [InlineData("gpt_oss", "GptOssForCausalLM")]
    public void WhatTheExpertsAddOneByOneIsWhatTheyAddTogether(string key, string className)
    {
        using var model = TinyModels.Create(className);
        SiteSpec[] sites =
        [
            new() { Component = "mlp_output", Layer = 1 },
            .. Enumerable.Range(0, Experts).Select(expert => new SiteSpec { Component = "expert_contribution", Layer = 1, Sublayer = expert }),
        ];
        using var plan = InterventionPlan.Bind(model, new InterventionConfig
        {
            Architecture = key,
            Interventions = [.. sites.Select(site => new InterventionSpec { Intervention = new Collect(), Site = site })],
        });
        using var run = plan.Run(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 6) });

        Close.Equal(run.Collected[0], run.Collected.Skip(1).Aggregate((left, right) => left + right), 1e-5);
        var served = run.Collected.Skip(1).Select(part => part.ne(0).any(-1).to(int64)).Aggregate((left, right) => left + right); // [row, position]
        Assert.True(served.eq(2).all().item<bool>()); // of 4, so the others add 0
    }

    [Fact]
    public void AnExpertIsTakenAwayAtOnePositionByItsTypedPlace()
    {
        using var model = TinyModels.Create("MixtralForCausalLM");
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 6) };
        var scores = model.call(inputs with { OutputRouterLogits = true }).RouterLogits![2]; // of the last layer
        var best = (int)scores[-1].argmax().item<long>();
        using var gone = InterventionPlan.Bind(model, Mixtral.Experiment.Zero(Mixtral.Layer(2).Expert(best).ExpertContribution.At(^1)).ToConfig());
        using var idle = InterventionPlan.Bind(
            model, Mixtral.Experiment.Zero(Mixtral.Layer(2).Expert((int)scores[-1].argmin().item<long>()).ExpertContribution.At(^1)).ToConfig());
        var clean = model.call(inputs).Logits!;
        using var run = gone.Run(inputs);
        using var same = idle.Run(inputs, [], new RunOptions { Effects = EffectCheck.Report });

        Close.Equal(clean, same.Output, 1e-5);
        Close.Equal(clean.narrow(1, 0, 5), run.Output.narrow(1, 0, 5), 1e-5);
        Assert.True((clean - run.Output).narrow(1, 5, 1).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void TheLoadBalancingLossLeavesPaddingOutAndIsAddedToTheLossWhenAsked()
    {
        using var model = TinyModels.Create("MixtralForCausalLM");
        var ids = TinyGpt2.Tokens(2, 5);
        var mask = tensor(new long[,] { { 1, 1, 1, 0, 0 }, { 1, 1, 1, 1, 1 } });
        var inputs = new ModelInputs { InputIds = ids, AttentionMask = mask, Labels = ids };
        var plain = model.call(inputs);
        var asked = model.call(inputs with { OutputRouterLogits = true });

        var counts = mask.reshape(-1).repeat(3).to(float32); // of 3 layers
        var scores = cat([.. asked.RouterLogits!], 0).softmax(1);
        var served = zeros_like(scores).scatter(1, scores.topk(2, 1).indexes, ones([scores.shape[0], 2]));
        var expected = ((served * counts.unsqueeze(1)).sum([0]) * (scores * counts.unsqueeze(1)).sum([0])).sum() * Experts / counts.sum().pow(2);
        Close.Equal(expected, asked.Named["aux_loss"], 1e-5);
        Close.Equal(plain.Loss! + (0.001 * expected), asked.Loss!, 1e-6);
        Assert.Null(plain.RouterLogits);
        Assert.Empty(plain.Named);
    }

    [Fact]
    public void AConfigurationThatShowsRoutersScoresAddsTheirLossUnasked()
    {
        using var model = ModelLoader.Create(
            Config("MixtralForCausalLM").With("""{"output_router_logits": true, "router_aux_loss_coef": 0.5}"""), "MixtralForCausalLM", seed: 7);
        using var silent = TinyModels.Create("MixtralForCausalLM");
        var ids = TinyGpt2.Tokens(2, 5);
        var output = model.call(new ModelInputs { InputIds = ids, Labels = ids });

        Assert.Equal(3, output.RouterLogits!.Count);
        Close.Equal(silent.call(new ModelInputs { InputIds = ids, Labels = ids }).Loss! + (0.5 * output.Named["aux_loss"]), output.Loss!, 1e-5);
    }

    [Fact]
    public void AModelWithoutExpertsSaysThatItHasNoRouters()
    {
        using var model = TinyModels.Create("LlamaForCausalLM");

        var refused = Assert.Throws<ArgumentException>(() => model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(1, 3), OutputRouterLogits = true }));

        Assert.Contains("no experts", refused.Message);
    }

    [Theory]
    [InlineData("""{"num_experts_per_tok": 5}""", "'num_experts_per_tok' is 5, but 'num_local_experts' is 4", false)]
    [InlineData("""{"quantization_config": {"quant_method": "mxfp4"}}""", "quantization_config", true)]
    public void WhatCannotBeRunIsRefusedByName(string change, string message, bool isUnsupported)
    {
        var refused = Assert.Throws<CheckpointException>(() => ModelLoader.Create(Config("GptOssForCausalLM").With(change), "GptOssForCausalLM", seed: 7));

        Assert.Contains(message, refused.Message);
        Assert.Equal(isUnsupported, refused.IsUnsupported);
    }

    [Fact]
    public void GptOssHasAWindowInEverySecondLayerAndYarnWhereItsConfigurationDoesNotSay()
    {
        var settings = GptOssArchitecture.Instance.Read(GptOssArchitecture.Instance.Fields.Read(ModelConfig.Parse("""{"num_hidden_layers": 3}""", "test")));

        Assert.Equal([128, null, 128], settings.Windows);
        Assert.Equal(150000, settings.Rotary!.Base);
        Assert.Equal(new RotaryScaling.ByTurns(32, 32, 1, 4096, false) { Amplitude = (0.1 * Math.Log(32)) + 1 }, settings.Rotary.Scaling);
    }

    private static ModelConfig Config(string className) => ModelConfig.Parse(TinyModels.Config(className), "tiny");

    [GeneratedRegex(@"experts\.\d+$")]
    private static partial Regex Expert();
}
