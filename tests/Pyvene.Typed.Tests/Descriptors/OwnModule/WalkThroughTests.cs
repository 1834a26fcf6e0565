using Pyvene.Typed.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>Adding an architecture takes one JSON file and one class, as <c>docs/descriptors.md</c> says.</summary>
public sealed class WalkThroughTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "descriptors.md"));

    [Fact]
    public void TheDescriptorOfThePageIsTheOneThatIsCompiledHere()
    {
        var file = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Tests", "Descriptors", "OwnModule", "tiny_mixer.pyvene.json"));
        Assert.Equal(file, Page.SkipWhile(line => line.Trim() != "```json").Skip(1).TakeWhile(line => line.Trim() != "```").Select(line => line[3..]));
    }

    [Fact]
    public void TheModuleIsIntervenedOnByItsTypedComponents()
    {
        using var scope = NewDisposeScope();
        using var mixer = new TinyMixer();
        var experiment = Mixer.Experiment.Zero(Mixer.Layer(1).MixOutput.At(^1));
        using var plan = InterventionPlan.Bind(mixer, experiment.ToConfig());
        using var run = plan.Run(randn(2, 3, 8), options: new RunOptions { WithClean = true });
        var changed = (run.Output - run.CleanOutput!).abs().amax([0, 2]).gt(1e-6); // [position]
        Assert.Equal([false, false, true], changed.data<bool>().ToArray());
    }
}
