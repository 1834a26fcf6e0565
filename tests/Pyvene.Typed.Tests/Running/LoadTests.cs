using Pyvene.Typed.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

public sealed class LoadTests
{
    [Fact]
    public void ModelIsLoadedInTheTypeThatIsAskedFor()
    {
        using var model = Gpt2.Load(Primer.Folder, dtype: ScalarType.Float64);
        Assert.All(model.Module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));

        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1));
        using var run = model.Run(experiment, "The capital of Spain is", "The capital of Italy is");
        Assert.Equal(ScalarType.Float64, run.Logits.dtype);
    }

    [Fact]
    public void WeightsOfWholeNumbersAreRefused() =>
        Assert.Contains(
            "BFloat16", Assert.Throws<ArgumentException>(() => Gpt2.Load(Primer.Folder, dtype: ScalarType.Int64)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        """{"temperature": 0.7, "num_beams": 1, "length_penalty": 2.0}""", "generation options: Temperature is 0.7, but no token is drawn: DoSample is false.")]
    [InlineData("""{"guidance_scale": 2}""", "this way of generating is not supported")]
    [InlineData("""{"do_sample": true, "temperature": 0.7}""", null)]
    public void OptionsOfGenerationThatTheFolderSetsAndNothingUsesAreToldWithTheOtherFields(string options, string? told)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        foreach (var file in Directory.GetFiles(Primer.Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        File.WriteAllText(Path.Combine(folder, "generation_config.json"), options);
        using var model = Gpt2.Load(folder);

        Assert.Equal(told is not null, model.Unread.Any(field => field.Contains(told ?? "generation", StringComparison.Ordinal)));
        Assert.Equal(model.Unread.Distinct(), model.Unread);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void PromptsFollowTheModelToWhereItIsMoved()
    {
        using var scope = NewDisposeScope();
        using var model = Gpt2.Load(Primer.Folder, META);
        var prompts = new PromptEncoder(model.Tokenizer, model.Module);
        Assert.Equal(DeviceType.META, prompts.Encode("The capital of Spain is", "base").Inputs.InputIds!.device_type);
    }
}
