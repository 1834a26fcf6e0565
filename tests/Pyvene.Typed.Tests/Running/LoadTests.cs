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
        Assert.Contains("BFloat16", Assert.Throws<ArgumentException>(() => Gpt2.Load(Primer.Folder, dtype: ScalarType.Int64)).Message, StringComparison.Ordinal);

    [Fact]
    public void PromptsFollowTheModelToWhereItIsMoved()
    {
        using var scope = NewDisposeScope();
        using var model = Gpt2.Load(Primer.Folder, META);
        var prompts = new PromptEncoder(model.Tokenizer, model.Module);
        Assert.Equal(DeviceType.META, prompts.Encode("The capital of Spain is", "base").Inputs.InputIds!.device_type);
    }
}
