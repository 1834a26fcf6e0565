using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>A model whose output is a sum of senses: what a position needs of those before it is their senses, too.</summary>
public sealed class BackpackTests : IDisposable
{
    private const string Config = """
        {"model_type": "gpt2", "vocab_size": 53, "n_embd": 12, "n_head": 2, "n_layer": 2, "n_positions": 32, "num_senses": 3, "initializer_range": 0.4}
        """;

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly PretrainedModel model = Create(Config);

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void TheOutputIsTheSumOfTheSensesAsTheContextWeighsThem()
    {
        using var plan = InterventionPlan.Bind(model, Of(0, Collected("sense_network_output"), Collected("contextualization")));
        using var run = plan.Run(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7) });
        var (senses, weights) = (run.Collected[0], run.Collected[1]);

        Assert.Equal([2, 3, 7, 12], senses.shape);
        Assert.Equal([2, 3, 7, 7], weights.shape);
        Close.Equal(ones(2, 3, 7), weights.sum(-1), 1e-5);
        Assert.Equal(0, weights.triu(1).abs().max().Real());
        var mixed = weights.matmul(senses).sum([1]); // [row, position, dModel]
        var embeddings = model.get_parameter("backpack.gpt2_model.wte.weight")!; // [vocab, dModel]
        Close.Equal(mixed.matmul(embeddings.t()), run.Output, 1e-4);
        Close.Equal(weights, run.ToModelOutput().Named["contextualization"], 1e-6);
    }

    [Fact]
    public void OneSenseOfOneTokenIsWrittenAlone()
    {
        var site = new SiteSpec { Component = "sense_network_output", Heads = Heads.Of(1), At = Positions.Of(2) };
        using var plan = InterventionPlan.Bind(model, Of(0, (new Zero(), site), Collected("sense_network_output")));
        using var run = plan.Run(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7) }, [], new RunOptions { WithClean = true });

        Assert.Equal(2 * 12, run.Receipts[0].ChangedElements);
        Assert.Equal(0, run.Collected[0][.., 1, 2].abs().max().Real());
        Close.Equal(run.CleanOutput![.., ..2], run.Output[.., ..2], 1e-6);
        Assert.True((run.CleanOutput![.., 2..] - run.Output[.., 2..]).abs().amax([0, 2]).min().Real() > 1e-4); // every later token takes of it
    }

    [Fact]
    public void ATypedSenseIsThePlaceThatAConfigurationNames()
    {
        var experiment = Backpack.Experiment
            .Interchange(Backpack.SenseNetworkOutput.Sense(1).ReadSenses(2).At(2))
            .Zero(Backpack.SenseNetworkOutput.Senses(0..2))
            .Collect(Backpack.Contextualization.Sense(1).Query(^1), out _);

        Assert.Equal(
            [
                new SiteSpec { Component = "sense_network_output", Heads = Heads.Of(1), ReadHeads = Heads.Of(2), At = Positions.Of(2) },
                new SiteSpec { Component = "sense_network_output", Heads = Heads.Of(0, 1) },
                new SiteSpec { Component = "contextualization", Heads = Heads.Of(1), At = Positions.Of(^1) },
            ],
            experiment.ToConfig().Interventions.Select(spec => spec.Site));
        Assert.Equal("senses 0 to 2", Heads<Sense>.In(0..3).ToString());
    }

    [Fact]
    public void ATextGoesOnFromTheSensesAndKeysOfWhatCameBefore()
    {
        var ids = TinyGpt2.Tokens(2, 12);
        var whole = model.call(new ModelInputs { InputIds = ids }).Logits!;
        var parts = new List<Tensor>();
        ModelState? state = null;
        foreach (var step in (int[])[5, 1, 4, 2])
        {
            var output = model.call(new ModelInputs { InputIds = ids.narrow(1, state?.Length ?? 0, step), Past = state, UseCache = true });
            state = output.Past!;
            parts.Add(output.Logits!);
        }

        Close.Equal(whole, cat([.. parts], 1), 1e-4);
        state!.SelectRows(tensor([1L, 0, 1]));
        var next = TinyGpt2.Tokens(3, 2);
        var text = cat([ids.index_select(0, tensor([1L, 0, 1])), next], 1);
        Close.Equal(
            model.call(new ModelInputs { InputIds = text }).Logits![.., 12..], model.call(new ModelInputs { InputIds = next, Past = state }).Logits!, 1e-4);
        state.Dispose();
    }

    [Fact]
    public void APaddedRowIsTheRowAlone()
    {
        var ids = TinyGpt2.Tokens(2, 9);
        var mask = tensor(new long[,] { { 0, 0, 0, 0, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1 } });
        var places = mask.cumsum(1).sub(1).clamp(min: 0);
        var padded = model.call(new ModelInputs { InputIds = ids, AttentionMask = mask, PositionIds = places });
        Close.Equal(model.call(new ModelInputs { InputIds = ids[..1, 4..] }).Logits!, padded.Logits![..1, 4..], 1e-4);
    }

    [Fact]
    public void TheStateChangesNothingInAGeneration()
    {
        var prompt = Generation.TinyGpt2.Prompt([3, 9, 4], [8, 2]);
        foreach (var options in new GenerationOptions[] { new() { MaxNewTokens = 9 }, new() { MaxNewTokens = 7, NumBeams = 3, EosTokenIds = [4, 9] } })
        {
            Assert.Equal(Generation.TinyGpt2.Generate(model, prompt, options with { UseCache = false }), Generation.TinyGpt2.Generate(model, prompt, options));
        }
    }

    [Fact]
    public void ASweepOverSensesAndTokensSharesTheBlocks()
    {
        InterventionConfig[] cells = [.. from sense in Enumerable.Range(0, 3)
            from position in Enumerable.Range(0, 3)
            select Of(1, (new Interchange(), new SiteSpec { Component = "sense_network_output", Heads = Heads.Of(sense), At = Positions.Of(position) }))];
        using var sweep = InterventionSweep.Bind(model, cells);
        var (@base, source) = (new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7) }, new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7).flip(1) });
        using var shared = sweep.Run(@base, [source]);
        using var naive = sweep.Run(@base, [source], WorkSharing.None);
        Close.Equal(naive.Logits, shared.Logits, 1e-4);
        Assert.True((naive.Logits[0] - naive.CleanLogits).abs().max().Real() > 1e-3);
        Assert.True(sweep.Explain(@base, [source]).MultiplyAdds < sweep.Explain(@base, [source]).NaiveMultiplyAdds);
    }

    [Fact]
    public void TheSecondNamesOfTheEmbeddingsAreReadAndMustBeEqual()
    {
        using var folder = new TemporaryFolder("backpack");
        var weights = model.named_parameters().ToDictionary(item => item.name, item => (Tensor)item.parameter);
        var (tokens, places) = (weights["backpack.gpt2_model.wte.weight"], weights["backpack.gpt2_model.wpe.weight"]);
        weights.Add("backpack.word_embeddings.weight", tokens.clone());
        weights.Add("backpack.position_embeddings.weight", places.clone());
        weights.Add("lm_head.weight", tokens.clone());
        Save(weights);
        using (var loaded = ModelLoader.Load(folder.Path))
        {
            var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7) };
            Close.Equal(model.call(inputs).Logits!, loaded.call(inputs).Logits!, 0);
        }

        weights["backpack.word_embeddings.weight"] = tokens.add(1);
        Save(weights);
        Assert.Contains(
            "backpack.word_embeddings.weight",
            Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message,
            StringComparison.Ordinal);

        void Save(Dictionary<string, Tensor> tensors)
        {
            folder.Write("config.json", Config.Replace("{", """{"architectures": ["BackpackGPT2LMHeadModel"], """, StringComparison.Ordinal));
            SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), tensors.Select(item => (item.Key, item.Value)));
        }
    }

    [Fact]
    public void MoreSensesThanNumbersOfAnEmbeddingAreRefused()
    {
        var error = Assert.Throws<CheckpointException>(() => Create(Config.Replace("\"num_senses\": 3", "\"num_senses\": 13", StringComparison.Ordinal)));
        Assert.Contains("'num_senses' is 13, but 'n_embd' is 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGpt2WithSensesIsStillRefused() => Assert.Contains(
        "num_senses",
        Assert.Throws<CheckpointException>(() => ModelLoader.Create(ModelConfig.Parse(Config, "a test"), "GPT2LMHeadModel")).Message,
        StringComparison.Ordinal);

    private static PretrainedModel Create(string config) => ModelLoader.Create(ModelConfig.Parse(config, "a test"), "BackpackGPT2LMHeadModel", seed: 3);

    private static (Intervention Intervention, SiteSpec Site) Collected(string component) => (new Collect(), new SiteSpec { Component = component });

    private static InterventionConfig Of(int sources, params (Intervention Intervention, SiteSpec Site)[] steps) => new()
    {
        Architecture = "backpack_gpt2",
        Sources = sources,
        Interventions = [.. steps.Select(step => new InterventionSpec { Intervention = step.Intervention, Site = step.Site })],
    };
}
