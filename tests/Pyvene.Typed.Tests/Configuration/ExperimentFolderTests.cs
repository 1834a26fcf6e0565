using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Tests.Tokenization;

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
