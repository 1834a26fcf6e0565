using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Tests.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Configuration;

public sealed class ExperimentFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new("experiment");

    private string Saved => Path.Combine(folder.Path, "saved");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(1000)]
    public void AConstantComesBackWhereverItLies(int width)
    {
        var config = Steering(width);

        ExperimentFolder.Save(config, Saved);

        Assert.Equal(config, ExperimentFolder.Load(Saved));
        Assert.True(new FileInfo(Path.Combine(Saved, "experiment.json")).Length < 2000);
    }

    [Fact]
    public void AFolderWithFilesIsNotOverwritten()
    {
        Directory.CreateDirectory(Saved);
        File.WriteAllText(Path.Combine(Saved, "mine.txt"), "");

        Assert.Throws<IOException>(() => ExperimentFolder.Save(Steering(4), Saved));

        Assert.Equal("mine.txt", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Saved))));
    }

    [Fact]
    public void AFunctionLeavesNoFolder()
    {
        var config = new InterventionConfig
        {
            Interventions = [new() { Intervention = new CustomIntervention((@base, _, _) => @base), Site = new SiteSpec { ModulePath = "h" } }],
        };

        Assert.Throws<InterventionException>(() => ExperimentFolder.Save(config, Saved));

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("rotated_space")]
    [InlineData("low_rank_rotated_space")]
    [InlineData("boundless_rotated_space")]
    [InlineData("sigmoid_mask_rotated_space")]
    [InlineData("sigmoid_mask")]
    [InlineData("pca_rotated_space")]
    [InlineData("autoencoder")]
    [InlineData("jump_relu_autoencoder")]
    public void WhatWasLearnedComesBack(string type)
    {
        using var scope = NewDisposeScope();
        using var module = LearnedModules.Create(type);

        ExperimentFolder.Save(LearnedModules.Experiment(module), Saved);
        var config = ExperimentFolder.Load(Saved);

        using var again = ModuleOf(config, 0);
        Assert.Equal(LearnedModules.Experiment(module), config);
        Assert.True(LearnedModules.Output(module).allclose(LearnedModules.Output(again), 1e-5, 1e-6));
    }

    [Fact]
    public void InterventionsThatShareAModuleShareItAgain()
    {
        using var module = LearnedModules.Create("sigmoid_mask");

        ExperimentFolder.Save(LearnedModules.Experiment(module, module), Saved);
        var config = ExperimentFolder.Load(Saved);

        using var again = ModuleOf(config, 0);
        Assert.Same(again, ModuleOf(config, 1));
    }

    [Fact]
    public void AFolderWithoutTheTensorsOfAnInterventionIsRefusedByName()
    {
        using var module = LearnedModules.Create("sigmoid_mask");
        ExperimentFolder.Save(LearnedModules.Experiment(module), Saved);
        Pyvene.Typed.Checkpoints.SafetensorsWriter.Write(Path.Combine(Saved, "weights.safetensors"), []);

        var error = Assert.Throws<InterventionException>(() => ExperimentFolder.Load(Saved));

        Assert.Equal("interventions[0]", error.Field);
        Assert.Contains("lacks 'mask'", error.Message, StringComparison.Ordinal);
    }

    private static InterventionModule ModuleOf(InterventionConfig config, int index) => Assert.IsType<Learned>(config.Interventions[index].Intervention).Module;

    private static InterventionConfig Steering(int width) => new()
    {
        Architecture = "gpt2",
        Sources = 1,
        Interventions =
        [
            new()
            {
                Intervention = new Addition(),
                Site = new SiteSpec { Component = "mlp_output", Layer = 1 },
                Constant = new ConstantSource([width], [.. Enumerable.Range(0, width).Select(value => value / 7f)]),
            },
        ],
    };
}
