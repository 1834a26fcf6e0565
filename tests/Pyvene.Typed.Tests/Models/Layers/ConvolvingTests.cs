using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;
using Conv1d = Pyvene.Typed.Models.Layers.Conv1d;
using Conv2d = Pyvene.Typed.Models.Layers.Conv2d;

namespace Pyvene.Typed.Tests.Models.Layers;

/// <summary>Convolutions of every number of channels against those in float64, which take another road.</summary>
public sealed class ConvolvingTests
{
    public static TheoryData<int, int> Channels { get; } = new() { { 3, 24 }, { 16, 8 }, { 17, 16 }, { 20, 24 }, { 24, 24 }, { 40, 5 }, { 48, 32 } };

    [Theory]
    [MemberData(nameof(Channels))]
    public void PicturesOfEveryNumberOfChannelsAreConvolvedRight(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (kernel, stride, padding) in new[] { (3L, 1L, 1L), (3, 2, 1), (4, 4, 0), (1, 1, 0) })
        {
            using var convolution = Drawn(new Conv2d(inputs, outputs, kernel, stride, new Weights(CPU, float32), padding, hasBias: true));
            var picture = randn(2, inputs, 12, 8);

            Close.Equal(Wide(picture).to(float32), convolution.call(picture), 1e-4);

            Tensor Wide(Tensor values)
            {
                var (weight, bias) = (Parameter(convolution, "weight"), Parameter(convolution, "bias"));
                return nn.functional.conv2d(
                    values.to(float64), weight.to(float64), bias.to(float64), strides: [stride, stride], padding: [padding, padding]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void SoundsOfEveryNumberOfChannelsAreConvolvedRight(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var stride in new[] { 1L, 2 })
        {
            using var convolution = Drawn(new Conv1d(inputs, outputs, 3, stride, new Weights(CPU, float32)));
            var sound = randn(2, inputs, 30);

            var (weight, bias) = (Parameter(convolution, "weight"), Parameter(convolution, "bias"));
            var wide = nn.functional.conv1d(sound.to(float64), weight.to(float64), bias.to(float64), stride: stride, padding: 1);
            Close.Equal(wide.to(float32), convolution.call(sound), 1e-4);
        }
    }

    [Theory]
    [InlineData(3, 24)]
    [InlineData(16, 5)]
    [InlineData(24, 24)]
    public void Bfloat16RoundsTheSameNumbers(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var convolution = Drawn(new Conv2d(inputs, outputs, 3, 1, new Weights(CPU, bfloat16)));
        var picture = randn(2, inputs, 9, 7).to(bfloat16);

        var wide = nn.functional.conv2d(picture.to(float64), Parameter(convolution, "weight").to(float64), padding: [1, 1]);
        var off = convolution.call(picture).to(float64).sub(wide).abs().max().Real() / wide.abs().max().Real();
        Assert.InRange(off, 0, 0.01);
    }

    private static TModule Drawn<TModule>(TModule module)
        where TModule : nn.Module
    {
        foreach (var parameter in module.parameters()) parameter.normal_();
        return module;
    }

    private static Tensor Parameter(nn.Module module, string name) => module.named_parameters().Single(item => item.name == name).parameter;
}
