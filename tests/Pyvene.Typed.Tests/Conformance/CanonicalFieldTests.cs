using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Conformance;
using Pyvene.Typed.Conformance.Groups.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Conformance;

/// <summary>Tests how the fields of an intervention case become a place of the library.</summary>
public sealed class CanonicalFieldTests
{
    [Theory]
    [InlineData("h", "[[0], [3]]", true, "Heads", null)]
    [InlineData("pos", "[[0, 1], [2, 3]]", false, null, "At")]
    [InlineData("h.pos", "[[[0], [1]], [[2, 3], [3, 4]]]", true, "Heads", "At")]
    [InlineData("sense.pos", "[[[0], [1]], [[2, 3], [3, 4]]]", true, "Heads", "At")]
    public void AUnitBecomesHeadsAndPositions(string unit, string rows, bool hasHeads, string? heads, string? at)
    {
        var site = Site(unit, rows, hasHeads);

        Assert.Equal(heads is not null, site.Heads is not null);
        Assert.Equal(at is not null, site.At is not null);
        Assert.Null(site.ReadAt);
        Assert.Equal(("mlp_output", 1), (site.Component, site.Layer));
    }

    [Theory]
    [InlineData("token", "[[0]]", false, "interventions[2].unit: 'token' is not a unit")]
    [InlineData("pos", "[[0]]", true, "interventions[2].unit: a head component needs h or h.pos, not pos")]
    [InlineData("h", "[[0]]", false, "interventions[2].unit: the component has no heads")]
    [InlineData("pos", "[[0], [0, 1]]", false, "locations[2].base")]
    [InlineData("pos", "[[-1]]", false, "locations[2].base")]
    [InlineData("pos", "[[1.5]]", false, "locations[2].base: expected an integer, found 1.5")]
    [InlineData("h.pos", "[[[0]]]", true, "locations[2].base: the unit h.pos takes heads and positions, found 1 lists")]
    public void AMistakeNamesItsField(string unit, string rows, bool hasHeads, string message) =>
        Assert.Contains(message, Assert.Throws<CaseFieldException>(() => Site(unit, rows, hasHeads)).Message);

    [Fact]
    public void AWholeComponentTakesAnyUnit() => Assert.Null(Site("pos", "null", hasHeads: true).At);

    [Fact]
    public void PartitionsBecomeTheirFeaturesInTheOrderOfTheNumbers() =>
        Assert.Equal([[5, 6, 0, 1], [0, 1, 5, 6]], FeatureReader.Read(Json("[[1, 0], [0, 1]]"), Json("[[0, 2], [5, 7], [9, 3, 4]]"), 0));

    [Fact]
    public void AListOfAnotherLengthThanTwoIsNoRange() =>
        Assert.Equal([[9, 3, 4]], FeatureReader.Read(Json("[[1]]"), Json("[[0, 2], [9, 3, 4]]"), 0));

    [Theory]
    [InlineData("[[2]]", "[[0, 2], [2, 4]]", "subspaces[1]: 2 is none of the 2 partitions")]
    [InlineData("[[0]]", "[[5, 5]]", "interventions[1].subspace_partition: the range [5, 5) is empty")]
    public void AMistakeInSubspacesNamesItsField(string subspaces, string partition, string message) =>
        Assert.Contains(message, Assert.Throws<CaseFieldException>(() => FeatureReader.Read(Json(subspaces), Json(partition), 1)).Message);

    private static SiteSpec Site(string unit, string rows, bool hasHeads) => SiteReader.Read(
        Json($$"""{"component": "mlp_output", "layer": 1, "unit": "{{unit}}"}"""), Json($$"""{"base": {{rows}}, "source": null}"""), 2, hasHeads);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
