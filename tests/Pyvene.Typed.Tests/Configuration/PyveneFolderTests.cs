using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
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
        using var model = ModelLoader.Load(Path.Combine(GoldenRoots.Own, "interventions", "models", "gpt2-lm"));
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
        using (var made = PyveneFolder.Of(config, model))
        {
            made.Save(Saved);
        }

        using var read = PyveneFolder.Open(Saved);

        Assert.Equal(config, read.Experiment.ToConfig(model, PyveneCall.FromJson("{}"), batch: 1));
    }
}
