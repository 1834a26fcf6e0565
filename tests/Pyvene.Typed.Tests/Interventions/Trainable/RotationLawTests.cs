using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>What holds for every rotation, whatever its parameters are.</summary>
public sealed class RotationLawTests
{
    [Theory]
    [InlineData("rotated")]
    [InlineData("low_rank")]
    [InlineData("boundless")]
    public void ColumnsStayOrthonormal(string type)
    {
        using var scope = NewDisposeScope();
        using var module = (RotatingModule)Modules.Of(type);
        var rotation = module.ComputeRotation();
        Assert.True(Distance(rotation.mT.matmul(rotation), eye(rotation.shape[1], dtype: float64)) < 1e-12);
    }

    [Fact]
    public void LowRankOfTheFullWidthIsTheRotation()
    {
        using var scope = NewDisposeScope();
        using var rotated = (RotatedSpace)Modules.Of("rotated");
        using var full = new LowRankRotatedSpace(6, 6);
        full.to(float64);
        full.AssignRotation(rotated.ComputeRotation());
        var (@base, source, features) = (randn(4, 6, dtype: float64), randn(4, 6, dtype: float64), tensor(new long[] { 0, 3, 5 }, [1, 3]));
        Assert.True(Distance(rotated.Apply(@base, source, features), full.Apply(@base, source, features)) < 1e-12);
        Assert.True(Distance(source, full.Apply(@base, source, null)) < 1e-12);
    }

    [Fact]
    public void LowRankIsTheRotationWhoseFirstColumnsItHas()
    {
        using var scope = NewDisposeScope();
        using var rotated = (RotatedSpace)Modules.Of("rotated");
        using var few = new LowRankRotatedSpace(6, 2);
        few.to(float64);
        few.AssignRotation(rotated.ComputeRotation().narrow(1, 0, 2));
        var (@base, source) = (randn(4, 6, dtype: float64), randn(4, 6, dtype: float64));
        Assert.True(Distance(rotated.Apply(@base, source, tensor(new long[] { 0, 1 }, [1, 2])), few.Apply(@base, source, null)) < 1e-12);
    }

    [Fact]
    public void ColdBoundaryIsThePlainSwapOfWhatLiesBelowIt()
    {
        using var scope = NewDisposeScope();
        using var boundless = (BoundlessRotatedSpace)Modules.Of("boundless");
        using (no_grad())
        {
            var parameters = boundless.ParametersByFileName().ToDictionary(item => item.Name, item => item.Parameter);
            parameters["intervention_boundaries"].fill_(0.6); // 3.6 of 6 dimensions
            parameters["temperature"].fill_(1e-3);
        }

        var (@base, source, rotation) = (randn(4, 6, dtype: float64), randn(4, 6, dtype: float64), boundless.ComputeRotation());
        var got = boundless.Apply(@base, source, null).matmul(rotation);
        var (fromSource, fromBase) = (source.matmul(rotation), @base.matmul(rotation));
        // the soft edge at 0 goes through the middle of dimension 0
        var expected = cat([(fromSource + fromBase).narrow(1, 0, 1) / 2, fromSource.narrow(1, 1, 3), fromBase.narrow(1, 4, 2)], 1);
        Assert.True(Distance(expected, got) < 1e-10);
    }

    [Fact]
    public void AnAssignedMatrixIsMadeOrthonormalWithItsDirectionsKept()
    {
        using var scope = NewDisposeScope();
        using var module = new LowRankRotatedSpace(5, 2);
        module.AssignRotation(tensor(new float[] { 2, 1, 0, 3, 0, 0, 0, 0, 0, 0 }, [5, 2]));
        Assert.True(Distance(eye(5, 2), module.ComputeRotation()) < 1e-6);
        Assert.Throws<InterventionException>(() => module.AssignRotation(eye(5)));
    }

    [Fact]
    public void LowRankHoldsNothingOfTheWidthSquared()
    {
        using var module = new LowRankRotatedSpace(3000, 2);
        // The parameter, the columns of the base and the two factors of its reflection; their signs, and a factor of the parameter's.
        Assert.Equal((4 * 3000 * 2) + 3000 + (2 * 2), module.parameters().Concat(module.buffers()).Sum(tensor => tensor.numel()));
    }

    [Fact]
    public void ChosenDirectionsAreReplacedInAPlanAsByADirectCallAlsoWhereOneIsNamedTwice()
    {
        using var scope = NewDisposeScope();
        using var module = new RotatedSpace(6);
        using var generator = new Generator(1, CPU);
        var (given, source) = (randn([3, 6], generator: generator), randn([3, 6], generator: generator));
        var chosen = tensor(new long[] { 4, 1, 4 }, [1, 3]);
        var direct = module.Apply(given, source, chosen);
        using var step = module.BeginStep();
        Assert.Equal(0, Distance(direct, module.Apply(given, source, chosen)), 1e-5);
        Assert.True(Distance(direct, given) > 1e-2);
    }

    private static double Distance(Tensor first, Tensor second) => (first - second).abs().max().Real();
}
