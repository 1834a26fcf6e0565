using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Conformance;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Configuration;

public sealed class PyveneFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new("pyvene");

    private string Saved => Path.Combine(folder.Path, "saved");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("vanilla")]
    [InlineData("vanilla-constant-zeros")]
    [InlineData("path-component")]
    [InlineData("subspace-partition")]
    public void AFolderComesBackAsItWasSaved(string name)
    {
        using var read = PyveneFolder.Open(Path.Combine(GoldenRoots.Own, "saved", name));

        read.Save(Saved);

        using var again = PyveneFolder.Open(Saved);
        Assert.Equal(read.Experiment, again.Experiment);
        Assert.Equal(read.States.Keys, again.States.Keys);
        Assert.All(read.States, state => Assert.All(state.Value, item => Assert.True(item.Value.allclose(again.States[state.Key][item.Key]))));
    }

    [Theory]
    [InlineData("layer.1.comp.block_output.unit.pos.nunit.1#0")]
    [InlineData("layer.1.repr.block_output.unit.pos.nunit.1#0")]
    public void NamesOfOldVersionsAreRead(string key)
    {
        Directory.CreateDirectory(Saved);
        File.WriteAllText(Path.Combine(Saved, "config.json"), $$"""
            {"intervention_types": ["<class 'pyvene.models.interventions.VanillaIntervention'>"], "mode": "parallel", "sorted_keys": ["{{key}}"],
             "representations": [[1, "block_output", "pos", 1, null, null, null, null, null, null, null, null, true]]}
            """);
        using var constant = ones(4);
        StateDictionaryFile.Write(Path.Combine(Saved, $"intkey_{key}.bin"), [("source_representation", constant)]);

        using var read = PyveneFolder.Open(Saved);

        Assert.Equal("layer_1_comp_block_output_unit_pos_nunit_1#0", Assert.Single(read.Experiment.Keys));
        Assert.Equal(new ConstantSource([4], [1, 1, 1, 1]), read.Experiment.Representations[0].Constant);
    }

    [Fact]
    public void AKeyThatLeavesTheFolderIsRefused()
    {
        Directory.CreateDirectory(Saved);
        File.WriteAllText(Path.Combine(Saved, "config.json"), """{"representations": [[1, "block_output"]], "sorted_keys": ["../../etc/passwd"]}""");

        var error = Assert.Throws<InterventionException>(() => PyveneFolder.Open(Saved));

        Assert.Equal("sorted_keys[0]", error.Field);
    }

    [Theory]
    [InlineData(new long[] { 24, 24 }, "must be one whole number, but is Int64 [2]")]
    [InlineData(new long[] { 1000000 }, "representations[0] is 1000000 wide: ")]
    [InlineData(new long[] { long.MaxValue }, "overflow")]
    public void AWidthThatTheTensorsDoNotAccountForIsRefusedBeforeItIsMade(long[] width, string message)
    {
        using var model = SmallGpt2();
        var config = new InterventionConfig
        {
            Architecture = "gpt2",
            Sources = 1,
            Interventions = [new() { Intervention = new Learned(new RotatedSpace(24)), Site = new SiteSpec { Component = "block_output", Layer = 1 } }],
        };
        using (var folder = PyveneFolder.Of(config, model))
        {
            folder.Save(Saved);
        }

        var file = Directory.GetFiles(Saved, "*.bin").Single();
        using var scope = NewDisposeScope();
        var state = StateDictionaryFile.Read(file).ToDictionary(item => item.Key, item => item.Value);
        state["embed_dim"] = width.Length == 1 ? tensor(width[0]) : tensor(width);
        StateDictionaryFile.Write(file, state.Select(item => (item.Key, item.Value)));
        using var read = PyveneFolder.Open(Saved);

        Assert.Contains(
            message, Assert.Throws<InterventionException>(() => read.ToConfig(model, PyveneCall.FromJson("{}"), batch: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileOfAConstantIsNamed()
    {
        using var read = PyveneFolder.Open(Path.Combine(GoldenRoots.Own, "saved", "addition"));
        read.Save(Saved);
        File.Delete(Directory.GetFiles(Saved, "*.bin").Single());

        var error = Assert.Throws<CheckpointException>(() => PyveneFolder.Open(Saved));

        Assert.Contains("intkey_layer_1_comp_mlp_output_unit_pos_nunit_1#0.bin", error.Message);
    }

    [Fact]
    public void AFolderWithFilesIsNotOverwritten()
    {
        using var read = PyveneFolder.Open(Path.Combine(GoldenRoots.Own, "saved", "vanilla"));
        Directory.CreateDirectory(Saved);
        File.WriteAllText(Path.Combine(Saved, "mine.txt"), "");

        Assert.Throws<IOException>(() => read.Save(Saved));

        Assert.Equal("mine.txt", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Saved))));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AnExperimentOfOursBecomesAFolderAndComesBack()
    {
        using var model = SmallGpt2();
        var config = new InterventionConfig
        {
            Architecture = "gpt2",
            Sources = 2,
            Interventions =
            [
                new() { Intervention = new Interchange(), Site = new SiteSpec { Component = "block_output", Layer = 1 } },
                new()
                {
                    Intervention = new Addition(), Site = new SiteSpec { ModulePath = "transformer.h[0].mlp" },
                    Source = 1, Constant = new ConstantSource([2], [1, 2]),
                },
            ],
        };

        using var read = SavedAndOpened(config, model);

        Assert.Equal(config, read.Experiment.ToConfig(model, PyveneCall.FromJson("{}"), batch: 1));
    }

    [Theory]
    [InlineData("rotated_space")]
    [InlineData("low_rank_rotated_space")]
    [InlineData("boundless_rotated_space")]
    [InlineData("sigmoid_mask_rotated_space")]
    [InlineData("sigmoid_mask")]
    [InlineData("autoencoder")]
    [InlineData("jump_relu_autoencoder")]
    public void WhatWasLearnedBecomesAFolderAndComesBack(string type)
    {
        using var scope = NewDisposeScope();
        using var model = SmallGpt2();
        using var module = LearnedModules.Create(type);

        using var read = SavedAndOpened(LearnedModules.Experiment(module, module), model);
        var config = read.ToConfig(model, PyveneCall.FromJson("{}"), batch: 1);

        using var again = Assert.IsType<Learned>(config.Interventions[0].Intervention).Module;
        using var copy = Assert.IsType<Learned>(config.Interventions[1].Intervention).Module;
        Assert.Null(read.Experiment.Representations[0].LinkKey);
        Assert.IsType(module.GetType(), again);
        Assert.True(LearnedModules.Output(module).allclose(LearnedModules.Output(again), 1e-5, 1e-6));
        Assert.True(LearnedModules.Output(module).allclose(LearnedModules.Output(copy), 1e-5, 1e-6));
    }

    [Fact]
    public void AModuleThatIsSharedAtOnePlaceIsLinked()
    {
        using var model = SmallGpt2();
        using var module = LearnedModules.Create("rotated_space");
        var experiment = LearnedModules.Experiment(module, module);
        var site = experiment.Interventions[0].Site;

        using var read = SavedAndOpened(
            experiment with
            {
                Interventions =
                [
                    experiment.Interventions[0] with { Site = site with { Features = Features.In(0..3) } },
                    experiment.Interventions[1] with { Site = site with { Features = Features.In(3..6) } },
                ],
            },
            model);
        var config = read.ToConfig(model, PyveneCall.FromJson("{}"), batch: 1);

        using var again = Assert.IsType<Learned>(config.Interventions[0].Intervention).Module;
        Assert.Same(again, Assert.IsType<Learned>(config.Interventions[1].Intervention).Module);
    }

    [Fact]
    public void AnAutoencoderThatReplacesAllLatentsSaysSo()
    {
        using var model = SmallGpt2();
        using var module = new Autoencoder(LearnedModules.Width, latents: 4);

        using var read = SavedAndOpened(LearnedModules.Experiment(module), model);

        Assert.Equal<int>([0, 1, 2, 3], [.. read.Experiment.Representations[0].Latents]);
    }

    [Fact]
    public void WhatPyveneCannotMakeIsRefusedByItsField()
    {
        using var model = SmallGpt2();
        using var components = new PcaRotatedSpace(LearnedModules.Width, components: 4);
        using var scattered = new RotatedSpace(LearnedModules.Width) { Dimensions = [3, 5] };
        using var single = new RotatedSpace(LearnedModules.Width) { IsPerUnit = true };

        Assert.Equal("type", Refusal(components));
        Assert.Equal("dimensions", Refusal(scattered));
        Assert.Equal("per_unit", Refusal(single));

        string Refusal(InterventionModule module) =>
            Assert.Throws<InterventionException>(() => PyveneFolder.Of(LearnedModules.Experiment(module), model)).Field!;
    }

    [Theory]
    [InlineData("""{ "head_axis": 1, "heads": [1], "at": [2] }""", "comp_transformer_h[0]_attn_output_unit_h_pos_nunit_1#0")]
    [InlineData("""{ "head_axis": 1, "heads": [1, 2] }""", "comp_transformer_h[0]_attn_output_unit_h_nunit_2#0")]
    public void HeadsOfAModuleAreNamedByTheirUnit(string site, string key)
    {
        using var model = SmallGpt2();
        using var folder = PyveneFolder.Of(OnAModule(site), model);
        Assert.Equal(key, Assert.Single(folder.Experiment.Keys));
    }

    [Theory]
    [InlineData("""{ "head_axis": 2, "heads": [1] }""", "head_axis")]
    [InlineData("""{ "head_count": 2, "heads": [1] }""", "head_count")]
    public void HeadsOfAModuleThatPyveneDoesNotFindAreRefused(string site, string field)
    {
        using var model = SmallGpt2();
        Assert.Equal(field, Assert.Throws<InterventionException>(() => PyveneFolder.Of(OnAModule(site), model)).Field);
    }

    private static InterventionConfig OnAModule(string site) => InterventionConfig.FromJson(
        $$"""{ "version": 1, "architecture": "gpt2", "interventions": [{ "type": "zero", "module": "transformer.h[0].attn", {{site[1..]}}] }""");

    private static PretrainedModel SmallGpt2() => ModelLoader.Load(Path.Combine(GoldenRoots.Own, "interventions", "models", "gpt2-lm"));

    private PyveneFolder SavedAndOpened(InterventionConfig config, PretrainedModel model)
    {
        using var made = PyveneFolder.Of(config, model);
        made.Save(Saved);
        return PyveneFolder.Open(Saved);
    }
}
