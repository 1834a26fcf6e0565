using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Models whose layers keep a state in place of keys and values.</summary>
public sealed class StateSpaceTests : IDisposable
{
    private const string Mamba = "MambaForCausalLM";
    private const string Mamba2 = "Mamba2ForCausalLM";

    private static readonly Dictionary<string, string> Configs = new()
    {
        [Mamba] = """{"model_type": "mamba", "vocab_size": 53, "hidden_size": 16, "num_hidden_layers": 3, "state_size": 4, "use_bias": true}""",
        [Mamba2] =
            """
            {"model_type": "mamba2", "vocab_size": 53, "hidden_size": 16, "num_hidden_layers": 3, "state_size": 4, "num_heads": 4, "head_dim": 8, "n_groups": 2,
             "use_bias": true, "time_step_limit": [0.001, 0.5]}
            """,
    };

    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> Names => [.. Configs.Keys];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void APaddedRowAndWhatFollowsItAreThoseOfTheRowAlone(string name)
    {
        using var model = Create(name);
        var ids = TinyGpt2.Tokens(2, 9);
        var mask = tensor(new long[,] { { 0, 0, 0, 0, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1 } });
        var (padded, alone) = (Call(ids, mask, null), Call(ids[..1, 4..], null, null));
        using var ofPadded = padded.Past;
        using var ofAlone = alone.Past;
        Close.Equal(alone.Logits!, padded.Logits![..1, 4..], 1e-5);

        var next = ids[.., ..2];
        Close.Equal(Call(next[..1], null, ofAlone).Logits!, Call(next, cat([mask, ones([2, 2], int64)], 1), ofPadded).Logits![..1], 1e-5);

        var right = model.call(new ModelInputs { InputIds = ids, AttentionMask = mask.flip(1) });
        Close.Equal(model.call(new ModelInputs { InputIds = ids[..1, ..5] }).Logits!, right.Logits![..1, ..5], 1e-5);

        ModelOutput Call(Tensor tokens, Tensor? mask, ModelState? past) =>
            model.call(new ModelInputs { InputIds = tokens, AttentionMask = mask, Past = past, UseCache = true });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStateGoesOnAsTheWholeTextDoesAlsoAcrossChunksAndForOtherRows(string name)
    {
        using var model = Create(name);
        var ids = TinyGpt2.Tokens(2, 150);
        var whole = model.call(new ModelInputs { InputIds = ids }).Logits!;
        var parts = new List<Tensor>();
        ModelState? state = null;
        foreach (var step in (int[])[2, 1, 1, 70, 1, 75])
        {
            var output = model.call(new ModelInputs { InputIds = ids.narrow(1, state?.Length ?? 0, step), Past = state, UseCache = true });
            Assert.True(state is null || ReferenceEquals(state, output.Past));
            state = output.Past!;
            parts.Add(output.Logits!);
        }

        Close.Equal(whole, cat([.. parts], 1), 1e-4);
        Assert.Equal(150, state!.Length);
        state.SelectRows(tensor([1L, 0, 1]));
        var next = TinyGpt2.Tokens(3, 2);
        var text = cat([ids.index_select(0, tensor([1L, 0, 1])), next], 1);
        Close.Equal(
            model.call(new ModelInputs { InputIds = text }).Logits![.., 150..], model.call(new ModelInputs { InputIds = next, Past = state }).Logits!, 1e-4);
        state.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WithGradientsAndInFloat64TheNumbersAreTheSame(string name)
    {
        using var model = Create(name);
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(3, 70) };
        var plain = model.call(inputs).Logits!;
        foreach (var parameter in model.parameters()) parameter.requires_grad = true;
        var traced = model.call(inputs).Logits!;
        Close.Equal(plain, traced.detach(), 1e-4);
        traced.sum().backward();
        Assert.All(model.named_parameters(), item => Assert.True(item.parameter.grad!.isfinite().all().IsTrue(), item.name));
        foreach (var parameter in model.parameters()) parameter.requires_grad = false;
        using var wide = model.to(float64);
        Close.Equal(plain, wide.call(inputs).Logits!.to(float32), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IfWeightsAreOf16BitsTheResidualStreamAndTheLogitsAreFloat32(string name)
    {
        using var model = Create(name, ScalarType.BFloat16);
        using var wide = Create(name);
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7), OutputHiddenStates = true };
        var output = model.call(inputs);
        Assert.All(output.HiddenStates!.Append(output.Logits!), values => Assert.Equal(ScalarType.Float32, values.dtype));
        Close.Equal(wide.call(inputs).Logits!, output.Logits!, 0.1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheStateChangesNothingInAGeneration(string name)
    {
        using var model = Create(name);
        var prompt = Generation.TinyGpt2.Prompt([3, 9, 4], [8, 2]);
        foreach (var options in new GenerationOptions[] { new() { MaxNewTokens = 9 }, new() { MaxNewTokens = 7, NumBeams = 3, EosTokenIds = [4, 9] } })
        {
            Assert.Equal(Generation.TinyGpt2.Generate(model, prompt, options with { UseCache = false }), Generation.TinyGpt2.Generate(model, prompt, options));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SweepsShareBlocksAndNoPositions(string name)
    {
        using var model = Create(name);
        var key = model.Config.ModelType;
        InterventionConfig[] cells = [.. from layer in Enumerable.Range(0, 3)
            from position in Enumerable.Range(0, 3)
            select new InterventionConfig
            {
                Architecture = key,
                Sources = 1,
                Interventions =
                [
                    new InterventionSpec
                    {
                        Intervention = new Interchange(), Site = new SiteSpec { Component = "block_output", Layer = layer, At = Positions.Of(position) },
                    },
                ],
            }];
        using var sweep = InterventionSweep.Bind(model, cells);
        var (@base, source) = (new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7) }, new ModelInputs { InputIds = TinyGpt2.Tokens(2, 7).flip(1) });
        using var shared = sweep.Run(@base, [source]);
        using var naive = sweep.Run(@base, [source], WorkSharing.None);
        Close.Equal(naive.Logits, shared.Logits, 1e-5);
        Assert.True((naive.Logits[0] - naive.CleanLogits).abs().max().Real() > 1e-3);
        var explained = sweep.Explain(@base, [source]);
        Assert.True(explained.MultiplyAdds < explained.NaiveMultiplyAdds);
        Assert.Equal(sweep.Explain(@base, [source], WorkSharing.All & ~WorkSharing.Positions).MultiplyAdds, explained.MultiplyAdds);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatOnlyAttentionHasIsRefused(string name)
    {
        using var model = Create(name);
        using var keys = new KeyValueCache();
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 3) };
        Refuses("give AttentionMask as [batch, position]", inputs with { AttentionMask = zeros(1, 1, 3, 3).masked_fill(ones(3, 3).triu(1).to(@bool), -1e9) });
        Refuses("The model has no attention", inputs with { OutputAttentions = true });
        Refuses("this one goes on from a RecurrentState", inputs with { Past = keys });

        void Refuses(string message, ModelInputs refused) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => model.call(refused)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Mamba2, "{'num_heads': 5}", "'num_heads' times 'head_dim' must be 'expand' times 'hidden_size'")]
    [InlineData(Mamba2, "{'n_groups': 3}", "'num_heads' must be a multiple of 'n_groups'")]
    [InlineData(Mamba2, "{'time_step_limit': [0.5, 0.1]}", "a list of two numbers from 0 on, the larger one last")]
    [InlineData(Mamba, "{'time_step_rank': 'some'}", "or auto")]
    public void SizesThatDoNotFitAreRefused(string name, string change, string message) => Assert.Contains(
        message,
        Assert.Throws<CheckpointException>(() => ModelLoader.Create(Config(name).With(change.Replace('\'', '"')), name, device: META)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void SizesThatAConfigurationLeavesOutFollowFromOthers()
    {
        using var model = ModelLoader.Create(Config(Mamba).With("""{"hidden_size": 40, "time_step_rank": "auto", "expand": 1.5}"""), Mamba, device: META);
        var shapes = model.named_parameters().ToDictionary(item => item.name, item => item.parameter.shape);
        Assert.Equal([60, 3], shapes["backbone.layers.0.mixer.dt_proj.weight"]);
        Assert.Equal([11, 60], shapes["backbone.layers.0.mixer.x_proj.weight"]);
    }

    private static ModelConfig Config(string name) => ModelConfig.Parse(Configs[name], "tiny").With("""{"initializer_range": 0.4}""");

    private static PretrainedModel Create(string name, ScalarType dtype = ScalarType.Float32) => ModelLoader.Create(Config(name), name, seed: 7, dtype: dtype);
}
