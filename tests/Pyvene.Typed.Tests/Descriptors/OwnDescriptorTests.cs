using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>A descriptor of one's own is bound with the same care as the ones that ship.</summary>
public sealed class OwnDescriptorTests
{
    private static readonly ArchitectureDescriptor Stacked = new()
    {
        Key = "own_stacks",
        Classes = new Dictionary<string, string> { ["GPT2LMHeadModel"] = "transformer." },
        Sizes = new Dictionary<string, IReadOnlyList<string>> { ["decoderLayers"] = ["2"] },
        Components =
        [
            new()
            {
                Name = "decoder.mlp_output",
                Path = "h[layer].mlp",
                Side = HookSide.Output,
                Axes = ["batch", "position", "feature"],
                LayerCount = "decoderLayers",
            },
            new() { Name = "present", Path = "h[layer].attn", Side = HookSide.Output, Item = 1, Axes = ["batch", "feature"], LayerCount = "decoderLayers" },
        ],
    };

    [Fact]
    public void TheLayersOfAStackAreItsOwn()
    {
        InterventionPlan.Bind(Primer.Module, Config(new SiteSpec { Component = "decoder.mlp_output", Layer = 1 })).Dispose();
        Assert.Contains("2 layers (0 to 1)", Refusal(new SiteSpec { Component = "decoder.mlp_output", Layer = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public void AnElementThatTheModuleDoesNotReturnIsRefusedAndNotMistakenForTheFirst() =>
        Assert.Contains(
            "The output of module 'transformer.h.0.attn' is Tensor; there is no tensor 1 in it",
            Refusal(new SiteSpec { Component = "present", Layer = 0 }),
            StringComparison.Ordinal);

    private static string Refusal(SiteSpec site) => Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Module, Config(site))).Message;

    private static InterventionConfig Config(SiteSpec site)
    {
        ArchitectureDescriptor.Register(Stacked.Key, static () => Stacked);
        return new InterventionConfig { Architecture = Stacked.Key, Interventions = [new InterventionSpec { Intervention = new Zero(), Site = site }] };
    }
}
