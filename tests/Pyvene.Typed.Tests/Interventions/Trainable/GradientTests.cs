using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

public sealed class GradientTests
{
    private const double Step = 1e-6;

    public static TheoryData<string> Types => Modules.Types;

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryGradientIsTheSlopeOfTheResult(string type)
    {
        using var scope = NewDisposeScope();
        using var module = Modules.Of(type);
        var (@base, source) = (randn(3, 2, 6, dtype: float64).requires_grad_(), randn(3, 2, 6, dtype: float64).requires_grad_());
        var direction = randn(3, 2, 6, dtype: float64);
        var features = module.SpaceWidth is null ? null : tensor(new long[] { 0, 2, 1, 1, 2, 0 }, [3, 2]);
        module.Apply(@base, source, features).backward([direction]);
        var leaves = module.ParametersByFileName()
            .Where(item => item.Parameter.requires_grad)
            .Select(item => (item.Name, Leaf: (Tensor)item.Parameter))
            .Append(("base", @base))
            .Append(("source", source));
        foreach (var (name, leaf) in leaves)
        {
            using var quiet = no_grad();
            var gradient = leaf.grad ?? zeros_like(leaf);
            var towards = randn_like(leaf);
            if (name.EndsWith("original", StringComparison.Ordinal))
            {
                towards = towards.tril(-1); // the diagonal is cut to whole numbers and has no gradient
            }
            else if (name is "threshold" || (name, type) is ("temperature", "sigmoid_mask"))
            {
                Assert.Equal(0, gradient.abs().max().Real());
                continue;
            }

            var slope = (Value(+Step) - Value(-Step)) / (2 * Step);
            var expected = (gradient * towards).sum().Real();
            Assert.True(Math.Abs(slope - expected) < 1e-6 * (1 + Math.Abs(expected)), $"{name}: {expected}, slope {slope}");

            double Value(double step)
            {
                var before = leaf.clone();
                leaf.copy_(before + towards * step);
                var value = (module.Apply(@base, source, features) * direction).sum().Real();
                leaf.copy_(before);
                return value;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TheBaseIsNotWrittenIntoAndKeepsItsDtype(string type)
    {
        using var scope = NewDisposeScope();
        using var module = Modules.Of(type);
        var (@base, source) = (randn(2, 6), randn(2, 6));
        var before = @base.clone();
        var got = module.Apply(@base, source, null);
        Assert.True(before.equal(@base).all().IsTrue());
        Assert.Equal(float32, got.dtype);
    }
}
