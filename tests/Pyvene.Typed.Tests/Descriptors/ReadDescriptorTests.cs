using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tests.Descriptors.OwnModule;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>A descriptor that a program reads is the one that the generator would have compiled.</summary>
public sealed class ReadDescriptorTests
{
    private static readonly string Shipped = Path.Combine(Repository.Root, "src", "Pyvene.Typed", "Descriptors");
    private static readonly string Mixer = File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Tests", "Descriptors", "OwnModule", "tiny_mixer.pyvene.json"));

    public static TheoryData<string> Files => [.. Directory.GetFiles(Shipped, "*.pyvene.json").Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Files))]
    public void WhatIsReadIsWhatIsCompiled(string file)
    {
        var read = ArchitectureDescriptor.Load(Path.Combine(Shipped, file));
        Assert.True(ArchitectureDescriptor.TryFind(read.Key, out var compiled));
        Assert.Equal(Text(compiled), Text(read));
    }

    [Fact]
    public void ADescriptorThatIsReadServesConfigurations()
    {
        ArchitectureDescriptor.Register(ArchitectureDescriptor.Parse(Mixer.Replace("\"tiny_mixer\"", "\"read_mixer\"", StringComparison.Ordinal)));
        using var scope = NewDisposeScope();
        using var mixer = new TinyMixer();
        var config = InterventionConfig.FromJson(
            """
            {"version": 1, "architecture": "read_mixer", "sources": 0, "interventions": [
              {"component": "mix_output", "layer": 1, "at": ["^1"], "type": "zero"}]}
            """);
        using var plan = InterventionPlan.Bind(mixer, config);
        using var run = plan.Run(arange(48, dtype: float32).reshape(2, 3, 8), options: new RunOptions { WithClean = true });
        var changed = (run.Output - run.CleanOutput!).abs().amax([0, 2]).gt(1e-6); // [position]
        Assert.Equal([false, false, true], changed.data<bool>().ToArray());
    }

    [Fact]
    public void ADescriptorMayBeLikeOneThatWasRegistered()
    {
        ArchitectureDescriptor.Register(ArchitectureDescriptor.Parse(Mixer.Replace("\"tiny_mixer\"", "\"base_mixer\"", StringComparison.Ordinal)));
        var like = ArchitectureDescriptor.Parse("""
            {"architecture": "mixer_two", "like": "base_mixer", "type": "MixerTwo", "summary": "Another.", "classes": {"OtherMixer": "net."}}
            """);
        Assert.True(ArchitectureDescriptor.TryFind("base_mixer", out var first));
        Assert.Equal(first.Components.Select(component => component.Name), like.Components.Select(component => component.Name));
        Assert.Equal("net.", like.Classes["OtherMixer"]);
    }

    [Fact]
    public void EveryErrorIsToldWithItsPlace()
    {
        var error = Assert.Throws<InterventionException>(() => ArchitectureDescriptor.Parse(
            """
            {
              "architecture": "wrong", "type": "Wrong", "summary": "x", "clases": {},
              "classes": {"Net": ""}, "sizes": {"layers": 2, "dModel": 8},
              "components": {"out": {"path": "a..b", "output": "batch position dModle", "summary": "y"}}
            }
            """,
            "wrong.pyvene.json"));
        Assert.Equal(
            "'wrong.pyvene.json' describes no architecture:"
                + "\n  line 2, column 61: Key 'clases' is unknown in the descriptor; did you mean 'classes'?"
                + "\n  line 4, column 34: Module path 'a..b' cannot be read; write names with dots and indices in brackets, such as 'h[layer].mlp'"
                + "\n  line 4, column 68: Axis 'dModle' is unknown in 'wrong'; did you mean 'dModel'?",
            error.Message);
        Assert.Equal("architecture", error.Field);
    }

    [Fact]
    public void AKeyOfAnAssemblyIsRefused()
    {
        Assert.True(ArchitectureDescriptor.TryFind("gpt2", out var gpt2));
        var error = Assert.Throws<InterventionException>(() => ArchitectureDescriptor.Register(gpt2));
        Assert.Contains("The assembly 'Pyvene.Typed' describes the architecture 'gpt2'", error.Message, StringComparison.Ordinal);
    }

    private static string Text(ArchitectureDescriptor descriptor) => JsonSerializer.Serialize(
        new
        {
            descriptor,
            Views = descriptor.Components.SelectMany(component => component.View).Select(step => JsonSerializer.Serialize<object>(step, JsonForm.Plain)),
        },
        JsonForm.Plain);
}
