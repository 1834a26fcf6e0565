using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Tests.Json;

namespace Pyvene.Typed.Tests.Configuration;

public sealed class ConfigSchemaTests
{
    [Fact]
    public void EveryFormThatTheLibraryWritesIsValid()
    {
        var experiment = Gpt2.Experiment
            .Interchange(Gpt2.Layer(3).MlpOutput.At(^1, 0).ReadAt(1..3))
            .Zero(Gpt2.Layer(0).HeadValueOutput.Heads(1, 3).At("Spain"))
            .Add(Gpt2.Layer(1).BlockOutput.At(Positions.PerExample([[1], [2]])).Features(0..64).From(Source.Second))
            .Subtract(Gpt2.Layer(1).BlockOutput.At(Positions.Columns([[1], [2]])).Features(Features.Of(1, 5)), new ConstantSource([2], [0.5f, -1]))
            .Collect(Gpt2.EmbeddingOutput, out _);
        var config = experiment.ToConfig();
        config = config with { Interventions = config.Interventions.Add(new InterventionSpec
        {
            Intervention = new Noise(new ConstantSource([2], [1, 2]), 0.1),
            Site = new SiteSpec { ModulePath = "transformer.wte", Side = Typed.Descriptors.HookSide.Input },
        }) };
        JsonSchemas.Accepts("config", config.ToJson());
    }

    [Theory]
    [InlineData("""{"interventions": []}""")]
    [InlineData("""{"version": 2, "interventions": []}""")]
    [InlineData("""{"version": 1, "interventons": []}""")]
    [InlineData("""{"version": 1, "interventions": [{"type": "zero"}]}""")]
    [InlineData("""{"version": 1, "interventions": [{"type": "zero", "component": "a", "module": "b"}]}""")]
    [InlineData("""{"version": 1, "interventions": [{"type": "zero", "component": "a", "at": [-1]}]}""")]
    [InlineData("""{"version": 1, "interventions": [{"type": "zero", "component": "a", "at": "last"}]}""")]
    public void WhatTheLibraryRefusesIsInvalid(string json) => JsonSchemas.Refuses("config", json);
}
