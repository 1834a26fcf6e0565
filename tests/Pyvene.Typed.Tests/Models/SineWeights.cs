using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Weights that a program in Python makes too: numbers recorded from transformers belong to them.</summary>
/// <remarks>
/// In Python: of a parameter of the name n, the element i is <c>0.5 · sin(0.7 · i + sum(map(ord, n)))</c>, in float64 and then rounded.
/// The token at position p is <c>(7 · p + 3) % 32</c>.
/// </remarks>
internal static class SineWeights
{
    public static PretrainedModel Create(string className, string fields)
    {
        var model = ModelLoader.Create(ModelConfig.Parse($"{{{fields}}}".Replace('\'', '"'), "test"), className, seed: 1);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            var values = Enumerable.Range(0, (int)parameter.numel()).Select(index => (float)(0.5 * Math.Sin((index * 0.7) + name.Sum(letter => (int)letter))));
            parameter.copy_(tensor(values.ToArray()).view(parameter.shape));
        }

        return model;
    }

    public static Tensor Tokens(int count) =>
        tensor(Enumerable.Range(0, count).Select(position => ((position * 7L) + 3) % 32).ToArray(), dtype: ScalarType.Int64).unsqueeze(0);

    /// <summary>Compares the first logits of the last position with recorded ones.</summary>
    public static void Check(PretrainedModel model, ModelInputs inputs, double[] expected)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var logits = ((ModelOutput)model.call(inputs)).Logits!;
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], logits[0, -1, index].Real(), 3e-5);
        }
    }
}
