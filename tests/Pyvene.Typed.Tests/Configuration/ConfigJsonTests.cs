using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Tests.Configuration;

public sealed class ConfigJsonTests
{
    private static readonly Gen<int[][]> Rows = Gen.Int[0, 40].Array[2].Array[1, 3];

    private static readonly Gen<Positions?> AnyPositions = Gen.OneOf(
        Gen.Const((Positions?)null),
        Gen.Int[0, 40].Select(index => (Positions?)Positions.Of(index)),
        Gen.Int[1, 40].Select(index => (Positions?)Positions.Of(^index, 0)),
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 5], (start, end) => (Positions?)Positions.In(start..^end)),
        Gen.String[1, 12].Select(text => (Positions?)Positions.OfText(text)),
        Rows.Select(rows => (Positions?)Positions.PerExample(rows)),
        Rows.Select(rows => (Positions?)Positions.Columns(rows)));

    private static readonly Gen<Heads?> AnyHeads = Gen.OneOf(
        Gen.Const((Heads?)null), Gen.Int[0, 11].Array[1, 4].Select(heads => (Heads?)Heads.Of(heads)), Rows.Select(rows => (Heads?)Heads.PerExample(rows)));

    private static readonly Gen<Features?> AnyFeatures = Gen.OneOf(
        Gen.Const((Features?)null),
        Gen.Int[0, 90].Array[1, 4].Select(indices => (Features?)Features.Of(indices)),
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 9], (start, length) => (Features?)Features.In(start..(start + length))),
        Rows.Select(rows => (Features?)Features.PerExample(rows)));

    private static readonly Gen<ConstantSource?> AnyConstant = Gen.OneOf(
        Gen.Const((ConstantSource?)null),
        Gen.Float[-1e30f, 1e30f].Array[1, 5].Select(values => (ConstantSource?)new ConstantSource([1, values.Length], [.. values])));

    private static readonly Gen<Intervention> AnyIntervention = Gen.OneOf(
        Gen.OneOf<Intervention>(new Interchange(), new Zero(), new Addition(), new Subtraction(), new Collect(), new Skip()),
        Gen.Double[0, 1].Select(level => (Intervention)new Noise(new ConstantSource([2], [0.5f, 1.25f]), level)));

    private static readonly Gen<InterventionSpec> Specs =
        from intervention in AnyIntervention
        from name in Gen.OneOf("mlp_output", "block_output", null)
        from side in Gen.OneOf(HookSide.Input, HookSide.Output)
        from layer in Gen.Int[0, 40]
        from at in AnyPositions
        from readAt in AnyPositions
        from heads in AnyHeads
        from features in AnyFeatures
        from constant in AnyConstant
        from source in Gen.Int[0, 3]
        from number in Gen.Int
        select new InterventionSpec
        {
            Intervention = intervention,
            Site = name is null
                ? new SiteSpec { ModulePath = "transformer.h[0].mlp", Side = side, At = at, ReadAt = readAt, Heads = heads, Features = features }
                : new SiteSpec { Component = name, Layer = layer, At = at, ReadAt = readAt, Heads = heads, ReadHeads = heads, Features = features },
            Constant = constant,
            Source = source,
            Name = source == 0 ? null : $"step {number}",
        };

    [Fact]
    public void ConfigurationComesBackEqualAndByteForByte() =>
        Gen.Select(Specs.Array[0, 4], Gen.Int[0, 4], Gen.OneOf(CompositionMode.Parallel, CompositionMode.Serial)).Holds((specs, sources, mode) =>
        {
            var config = new InterventionConfig { Architecture = "gpt2", Sources = sources, Mode = mode, Interventions = [.. specs] };
            var json = config.ToJson();
            var back = InterventionConfig.FromJson(json);
            Assert.Equal(config, back);
            Assert.Equal(json, back.ToJson());
        });

    [Fact]
    public void ExperimentBecomesTheConfigurationThatItReads()
    {
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput.At(^1).From(Source.First)).Collect(Gpt2.Layer(4).AttentionWeight.Head(3), out _);
        Assert.Equal(
            """
            {
              "version": 1,
              "architecture": "gpt2",
              "mode": "parallel",
              "sources": 1,
              "interventions": [
                {
                  "type": "interchange",
                  "component": "mlp_output",
                  "layer": 3,
                  "at": ["^1"]
                },
                {
                  "type": "collect",
                  "component": "attention_weight",
                  "layer": 4,
                  "heads": [3],
                  "name": "collect_0"
                }
              ]
            }

            """.ReplaceLineEndings("\n"),
            experiment.ToConfig().ToJson());
    }

    [Theory]
    [InlineData("""{"version": 1, "interventons": []}""", "interventons", "Did you mean 'interventions'?")]
    [InlineData("""{"version": 2}""", "version", "reads version 1")]
    [InlineData("""{}""", "version", "has no 'version'")]
    [InlineData("""{"version": 1, "mode": "both"}""", "mode", "one of \"parallel\", \"serial\"")]
    [InlineData("""{"version": 1, "interventions": [{"type": "interchnge"}]}""", "interventions[0].type", "Did you mean 'interchange'?")]
    [InlineData("""{"version": 1, "interventions": [{"type": "zero", "at": [-1]}]}""", "interventions[0].at[0]", "count from the end with \"^1\"")]
    [InlineData("""{"version": 1, "interventions": [{"type": "zero", "heads": []}]}""", "interventions[0].heads", "at least one")]
    [InlineData("""{"version": 1, "interventions": [{"type": "addition", "constant": {"shape": [2], "values": [1]}}]}""", "interventions[0].constant",
        "cannot hold 1 values")]
    [InlineData("""{"version": 1, "version": 1}""", "json", "not valid JSON")]
    [InlineData("""{"version": 1, """, "json", "not valid JSON")]
    public void WrongFieldIsNamedByItsPath(string json, string field, string message)
    {
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(json));
        Assert.Equal(field, error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatLearnedIsNotWrittenWithoutItsTensorsUnlessThatIsAskedFor()
    {
        using var rotation = new LowRankRotatedSpace(128, 4);
        var config = Gpt2.Experiment.Apply(Gpt2.Layer(4).BlockOutput.At(^1), rotation).ToConfig();
        var error = Assert.Throws<InterventionException>(() => config.Save("das.json"));
        Assert.Equal("interventions[0]", error.Field);
        Assert.Contains("ExperimentFolder.Save", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("das.json"));
        Assert.Equal(config, InterventionConfig.FromJson(config.ToJson(withoutTensors: true)));
    }

    [Theory]
    [InlineData("autoencoder", "\"width\": 128, \"latents\": 1000000")]
    [InlineData("rotated_space", "\"width\": 16384")]
    [InlineData("sigmoid_mask", "\"width\": 1000000000")]
    [InlineData("pca_rotated_space", "\"width\": 20000, \"components\": 20000")]
    public void ATextCannotAskForMemoryWithoutEnd(string type, string sizes)
    {
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(
            $$"""{"version": 1, "sources": 1, "interventions": [{"type": "{{type}}", "parameters": {{{sizes}}}, "module": "mlp"}]}"""));
        Assert.Equal("interventions[0].parameters", error.Field);
        Assert.Contains("larger than a text may ask for", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "zero"}""", "names neither")]
    [InlineData("""{"type": "zero", "component": "mlp_output", "layer": 0, "module": "mlp"}""", "names both")]
    public void EveryInterventionNamesOnePlace(string intervention, string message)
    {
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson($$"""{"version": 1, "interventions": [{{intervention}}]}"""));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoThatCollectUnderOneNameAreRefused()
    {
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(
            """{"version": 1, "interventions": [{"type": "collect", "module": "a", "name": "x"}, {"type": "zero", "module": "b", "name": "x"}, {"type": "collect", "module": "b", "name": "x"}]}"""));
        Assert.Equal("interventions[2].name", error.Field);
    }

    [Fact]
    public void AConstantNeedsAnAxis()
    {
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(
            """{"version": 1, "sources": 0, "interventions": [{"type": "addition", "module": "a", "constant": {"shape": [], "values": [2]}}]}"""));
        Assert.Contains("at least one axis", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ConstantSource(default, [1]));
        Assert.Throws<ArgumentException>(() => new ConstantSource([int.MaxValue, int.MaxValue, int.MaxValue], [1]));
    }

    [Fact]
    public void EqualPlacesAreEqualKeys()
    {
        var names = new Dictionary<Place, string> { [Gpt2.Layer(3).MlpOutput.At(^1, 2).Features(0..4)] = "memory" };
        Assert.Equal("memory", names[Gpt2.Layer(3).MlpOutput.At(^1, 2).Features(0..4)]);
        Assert.True(Gpt2.Layer(3).MlpOutput == Gpt2.Layer(3).MlpOutput);
        Assert.True(Gpt2.Layer(3).MlpOutput != Gpt2.Layer(4).MlpOutput);
        Assert.NotEqual<object>(Gpt2.Layer(3).MlpOutput, Llama.Layer(3).MlpOutput);
    }

    [Fact]
    public void FunctionCannotBeWritten()
    {
        var config = Gpt2.Experiment.Apply(Gpt2.Layer(0).MlpOutput, values => values * 2).ToConfig();
        Assert.Contains("is a function", Assert.Throws<InterventionException>(() => config.ToJson()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SavedFileIsReplacedWholeOrNotAtAll()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput).ToConfig().Save(path);
        var before = File.ReadAllText(path);
        Assert.Throws<InterventionException>(() => Gpt2.Experiment.Apply(Gpt2.Layer(0).MlpOutput, values => values * 2).ToConfig().Save(path));
        Assert.Equal(before, File.ReadAllText(path));
        Assert.False(File.Exists(path + ".tmp"));
        File.Delete(path);
    }
}
