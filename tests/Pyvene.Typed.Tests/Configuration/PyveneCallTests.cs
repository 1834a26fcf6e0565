using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Conformance;

namespace Pyvene.Typed.Tests.Configuration;

public sealed class PyveneCallTests : IDisposable
{
    private readonly PretrainedModel model = ModelLoader.Load(Path.Combine(GoldenRoots.Own, "interventions", "models", "gpt2-lm"));

    public void Dispose() => model.Dispose();

    [Fact]
    public void OneNumberIsOnePositionOfEveryExampleOnBothSides()
    {
        var site = Site("""{"config": {"layer": 1}, "unit_locations": {"sources->base": 3}, "sources": [0]}""");

        Assert.Equal(Positions.Columns([3], [3]), site.At);
        Assert.Equal(Positions.Columns([3], [3]), site.ReadAt);
    }

    [Fact]
    public void AListOfTwoIsTwoPositionsAndATupleIsAPair()
    {
        var list = Site("""{"config": {"layer": 1}, "unit_locations": {"sources->base": [1, 3]}, "sources": [0]}""");
        var pair = Site("""{"config": {"layer": 1}, "unit_locations": {"sources->base": {"tuple": [1, 3]}}, "sources": [0]}""");

        Assert.Equal(Positions.Columns([1, 3], [1, 3]), list.At);
        Assert.Equal(Positions.Columns([1], [1]), pair.ReadAt);
        Assert.Equal(Positions.Columns([3], [3]), pair.At);
    }

    [Fact]
    public void OneRowServesEveryExample()
    {
        var site = Site("""{"config": {"layer": 1, "intervention_type": "ZeroIntervention"}, "unit_locations": {"base": [[[2]]]}}""");

        Assert.Equal(Positions.Columns([2], [2]), site.At);
    }

    [Theory]
    [InlineData("sense.pos", "[[[[1, 2]], [[0, 3]]]]", new[] { 1, 2 }, new[] { 0, 3 })]
    [InlineData("h", "[[[1, 2]]]", new[] { 1, 2 }, null)]
    public void UnitsOfAModuleAreHeadsInItsSecondAxis(string unit, string rows, int[] heads, int[]? at)
    {
        var site = Site($$$"""
            {"config": {"component": "transformer.h[0].attn.output", "unit": "{{{unit}}}", "intervention_type": "ZeroIntervention"}, "unit_locations": {"base": {{{rows}}}}}
            """);

        Assert.Equal(1, site.HeadAxis);
        Assert.Equal(Heads.PerExample(heads, heads), site.Heads);
        Assert.Equal(at is null ? null : Positions.Columns(at, at), site.At);
    }

    [Fact]
    public void PartsOfASpaceBecomeFeatures()
    {
        var site = Site("""
            {"config": {"layer": 1, "subspace_partition": [[0, 3], [5]]}, "unit_locations": {"sources->base": 0}, "subspaces": 1, "sources": [0]}
            """);

        Assert.Equal(Features.PerExample([5], [5]), site.Features);
    }

    [Theory]
    [InlineData("""{"config": {"layer": -1}}""", "representations[0].layer")]
    [InlineData("""{"config": {"compnent": "mlp_output"}}""", "representations[0].compnent")]
    [InlineData("""{"config": [{}, {"group_key": 1}]}""", "representations[0].group_key")]
    [InlineData("""{"config": {"intervention_type": "Vanilla"}}""", "representations[0].intervention_type")]
    [InlineData("""{"config": {"component": "mlp_outptu"}}""", "representations[0].component")]
    [InlineData("""{"config": {"unit": "sense.pos.x"}}""", "representations[0].unit")]
    [InlineData("""{"config": {"unit": "sense.pos"}, "unit_locations": {"base": [[[[0]], [[0]]]]}}""", "representations[0].unit")]
    [InlineData("""{"config": {}, "mode": "both"}""", "mode")]
    [InlineData("""{"config": {}, "unit_locations": {"sources->base": [[[1], [2], [3]]]}, "sources": [0]}""", "unit_locations.sources->base[0]")]
    [InlineData("""{"config": {}, "unit_locations": {"base": 1}, "sources": [0]}""", "unit_locations")]
    [InlineData("""{"config": {}, "sources": [0, 1]}""", "sources")]
    [InlineData("""{"config": {"subspace_partition": [[0, 3]]}, "subspaces": 1}""", "subspaces[0]")]
    public void AnErrorNamesTheField(string json, string field)
    {
        var error = Assert.Throws<InterventionException>(() => Site(json));

        Assert.Equal(field, error.Field);
    }

    private SiteSpec Site(string json) =>
        Assert.Single(PyveneExperiment.FromJson(json).ToConfig(model, PyveneCall.FromJson(json), batch: 2).Interventions).Site;
}
