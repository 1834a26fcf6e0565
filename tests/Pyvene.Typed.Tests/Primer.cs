using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests;

/// <summary>The model that ships, loaded once for all tests that only read it, and random token ids for it.</summary>
internal static class Primer
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "models", "primer");

    private static readonly Lazy<LanguageModel<Gpt2>> Shared = new(() => Gpt2.Load(Folder!));

    public static LanguageModel<Gpt2> Model => Shared.Value;

    public static PretrainedModel Module => Model.Module;

    /// <summary>Returns inputs of random token ids; its tensors belong to the current dispose scope.</summary>
    public static ModelInputs Inputs(int batch, int length, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return new ModelInputs { InputIds = randint(1, 1600, [batch, length], dtype: int64, generator: generator) };
    }

    /// <summary>Returns the largest absolute difference of two tensors.</summary>
    public static double Difference(Tensor left, Tensor right)
    {
        Assert.Equal(left.shape, right.shape);
        using var scope = NewDisposeScope();
        return (left - right).abs().max().to(float64).item<double>();
    }
}
