using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>Autoencoders are trained on values that were collected, by what they encode and decode.</summary>
public sealed class AutoencoderTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsDecodedOfTheSourceIsWhatTheInterventionWrites(bool jumps)
    {
        random.manual_seed(1);
        var place = Gpt2.Layer(2).BlockOutput.At(^1);
        using var jump = new JumpReluAutoencoder(128, 8);
        using var plain = new Autoencoder(128, 8);
        var model = Primer.Model;
        var written = (jumps ? Gpt2.Experiment.Apply(place, jump) : Gpt2.Experiment.Apply(place, plain)).Collect(place, out var after);
        using var run = model.Run(written, "The capital of Spain is", "The capital of Italy is");
        using var source = model.Run(Gpt2.Experiment.Collect(place, out var values), "The capital of Italy is");
        var decoded = jumps ? jump.FromSpace(jump.ToSpace(source[values])) : plain.FromSpace(plain.ToSpace(source[values]));
        Assert.InRange(Primer.Difference(decoded, run[after]), 0, 1e-5);
    }

    [Fact]
    public void AStepAgainstTheErrorOfWhatIsDecodedMakesItSmaller()
    {
        random.manual_seed(1);
        using var module = new Autoencoder(6, 12);
        var values = randn(32, 6);
        using var optimiser = optim.SGD(module.parameters(), 0.1);
        var before = Error();
        before.backward();
        optimiser.step();
        Assert.True(Error().item<float>() < before.item<float>());

        Tensor Error() => nn.functional.mse_loss(module.FromSpace(module.ToSpace(values)), values);
    }
}
