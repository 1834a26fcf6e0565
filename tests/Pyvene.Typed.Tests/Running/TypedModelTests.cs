using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>The library's models that are no language models, and modules with several inputs, have typed runs, too.</summary>
public sealed class TypedModelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void AGruTakesTheStateOfAnotherSequence()
    {
        using var model = Create("""{"model_type": "gru", "vocab_size": 23, "h_dim": 8, "n_layer": 2, "initializer_range": 0.7}""", "GRUModel");
        var (@base, source) = (Vectors(2, 5, 8), Vectors(2, 5, 8));
        using var plan = Gru.Experiment.Interchange(Gru.Layer(1).CellOutput.AtStep(^1)).Collect(Gru.Layer(1).CellOutput.AtStep(^1), out var states).Bind(model);

        using var run = plan.Run(@base, source);

        Assert.True(allclose(model.call(source).LastHiddenState!, run.Output, atol: 1e-6)); // [batch, dModel], behind the last step
        Assert.True(allclose(model.call(@base).LastHiddenState!, run.CleanOutput!, atol: 1e-6));
        Assert.Equal(8, run[states].shape[^1]);
    }

    [Fact]
    public void AnMlpTakesTheLayerOfAnotherInput()
    {
        using var model = Create("""{"model_type": "mlp", "h_dim": 8, "n_layer": 2, "num_classes": 3, "initializer_range": 0.7}""", "MLPForClassification");
        var (@base, source) = (Vectors(2, 1, 8), Vectors(2, 1, 8));
        using var plan = Mlp.Experiment.Interchange(Mlp.Layer(0).BlockOutput).Bind(model);

        using var run = plan.Run(@base, source);

        Assert.True(allclose(model.call(source).Logits!, run.Output));
        Assert.True(allclose(model.call(@base).Logits!, run.CleanOutput!));
    }

    [Fact]
    public void AResNetTakesAPictureByItsName()
    {
        using var model = Create(
            """{"model_type": "resnet", "num_channels": 3, "embedding_size": 4, "hidden_sizes": [4, 8], "depths": [1, 1], "layer_type": "basic", "num_labels": 3}""",
            "ResNetForImageClassification");
        ModelInputs Picture() => new() { PixelValues = randn(2, 3, 16, 16) };
        var source = Picture();
        using var plan = ResNet.Experiment.Interchange(ResNet.EmbedderConvOutput).Bind(model);

        using var run = plan.Run(Picture(), source);

        Assert.True(allclose(model.call(source).Logits!, run.Output));
    }

    [Fact]
    public void AModelOfAnotherArchitectureIsRefused()
    {
        using var model = Create("""{"model_type": "mlp", "h_dim": 8, "n_layer": 2, "initializer_range": 0.7}""", "MLPModel");

        var error = Assert.Throws<InterventionException>(() => Gru.Experiment.Zero(Gru.Layer(0).CellOutput).Bind(model));

        Assert.Contains("MLPModel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModuleWithTwoInputsIsRunWithBoth()
    {
        using var net = new GatedNet();
        var ((x, gate), (other, otherGate)) = ((randn(2, 4), rand(2, 4)), (randn(2, 4), rand(2, 4)));
        using var plan = Experiment.On<GatedNet>().Interchange(GatedNet.Components.Inner.Output).Bind(net);

        using var run = plan.Run((x, gate), (other, otherGate));
        using var same = plan.Run(new[] { x, gate }, new ModelInputs { Arguments = [other, otherGate] });

        Assert.True(allclose(net.inner.call(other) * gate, run.Output)); // the gate stays that of the base
        Assert.True(run.Output.equal(same.Output).all().item<bool>());
        Assert.Contains("takes 2 tensors", Assert.ThrowsAny<Exception>(() => plan.Run(x, other)).Message, StringComparison.Ordinal);
    }

    private static PretrainedModel Create(string config, string className) => ModelLoader.Create(ModelConfig.Parse(config, "tiny"), className, seed: 5);

    private static ModelInputs Vectors(params long[] shape) => new() { InputsEmbeds = randn(shape) };
}
