using System.Text.Json.Nodes;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions;

public sealed class OwnInterventionTests
{
    static OwnInterventionTests() => InterventionTypes.Register("add_scaled", parameters => new AddScaled(parameters.Number("scale")));

    [Fact]
    public void AnInterventionOfOnesOwnSurvivesJson()
    {
        var config = new InterventionConfig
        {
            Architecture = "gpt2",
            Sources = 1,
            Interventions = [new InterventionSpec { Intervention = new AddScaled(0.25), Site = new SiteSpec { Component = "mlp_output", Layer = 1 } }],
        };
        var json = config.ToJson();
        Assert.Equal(config, InterventionConfig.FromJson(json));
        Assert.Equal(json, InterventionConfig.FromJson(json).ToJson());
    }

    [Theory]
    [InlineData("", "interventions[0].parameters.scale")]
    [InlineData(""", "parameters": {"scale": "much"}""", "interventions[0].parameters.scale")]
    [InlineData(""", "parameters": {"scale": 1, "scael": 2}""", "interventions[0].parameters.scael")]
    public void WrongParametersAreNamedByTheirPath(string parameters, string field)
    {
        var json = $$"""{"version": 1, "sources": 1, "interventions": [{"type": "add_scaled"{{parameters}}, "module": "mlp"}]}""";
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(json));
        Assert.Equal(field, error.Field);
        Assert.Contains(field, error.Message);
    }

    [Fact]
    public void ParametersOfATypeThatHasNoneAreRefused()
    {
        var error = Assert.Throws<InterventionException>(() =>
            InterventionConfig.FromJson("""{"version": 1, "interventions": [{"type": "zero", "parameters": {"level": 1}, "module": "mlp"}]}"""));
        Assert.Contains("has no parameters", error.Message);
    }

    [Fact]
    public void AParameterThatReadingWouldNotGiveBackIsRefusedByName()
    {
        InterventionTypes.Register(new Forgetful(1));
        var error = Assert.Throws<InterventionException>(() => At(new Forgetful(0.25)).ToJson());
        Assert.Contains("Forgetful would not come back as it is: 'Scale' is 0.25, and would be read as 1.", error.Message, StringComparison.Ordinal);
        Assert.Equal(At(new Forgetful(1)), InterventionConfig.FromJson(At(new Forgetful(1)).ToJson()));
    }

    [Fact]
    public void AnInterventionThatIsNotRegisteredOrStandsForAnotherIsRefused()
    {
        Assert.Contains(
            "no type is registered under 'nameless'",
            Assert.Throws<InterventionException>(() => At(new Named("nameless", [])).ToJson()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'zero' is an intervention of the library",
            Assert.Throws<InterventionException>(() => At(new Named("zero", [])).ToJson()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is an intervention of the library",
            Assert.Throws<ArgumentException>(() => InterventionTypes.Register(new Named("zero", []))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ListsAreComparedByWhatTheyHold()
    {
        InterventionTypes.Register("listed", parameters => new Named("listed", [.. parameters.Numbers("scales")]));
        var config = At(new Named("listed", [1, 0.5f]));
        Assert.Equal([1, 0.5f], ((Named)InterventionConfig.FromJson(config.ToJson()).Interventions[0].Intervention).Scales);
    }

    private static InterventionConfig At(Intervention intervention) => new()
    {
        Interventions = [new InterventionSpec { Intervention = intervention, Site = new SiteSpec { ModulePath = "mlp" } }],
    };

    private sealed record Forgetful(double Scale) : SourcelessIntervention
    {
        public override string Type => "forgetful";

        public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base * Scale;
    }

    private sealed record Named(string Type, float[] Scales) : SourcelessIntervention
    {
        public override string Type { get; } = Type;

        public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base;

        public override JsonObject ToParameters() => new() { ["scales"] = new JsonArray([.. Scales.Select(scale => JsonValue.Create(scale))]) };
    }
}
