using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;

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
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson("""{"version": 1, "interventions": [{"type": "zero", "parameters": {"level": 1}, "module": "mlp"}]}"""));
        Assert.Contains("has no parameters", error.Message);
    }
}
