using Pyvene.Typed.Conformance;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Conformance;

public sealed class ComparisonTests
{
    private static readonly Tolerance Loose = new(Rtol: 0.125, Atol: 0.0625);

    [Theory]
    [InlineData(1.1875, 1.0, true)] // 0.0625 + 0.125 * 1 is allowed, to the last bit
    [InlineData(1.18751, 1.0, false)]
    [InlineData(0.8125, 1.0, true)]
    [InlineData(-0.0625, 0.0, true)]
    [InlineData(-0.06251, 0.0, false)]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(0.0, double.NaN, false)]
    [InlineData(double.NaN, 0.0, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, false)]
    [InlineData(1e300, double.PositiveInfinity, false)]
    [InlineData(double.PositiveInfinity, 0.0, false)]
    [InlineData(-0.0, 0.0, true)]
    public void ValuesAreComparedByOneRuleAloneAndInTensors(double got, double want, bool passes)
    {
        using var scope = NewDisposeScope();
        var number = new Comparison();
        number.Number("loss", got, want, Loose);
        var values = new Comparison();
        values.Tensor("logits", tensor(new[] { 1.0, got }), tensor(new[] { 1.0, want }), Loose);

        Assert.Equal(passes, number.Passed);
        Assert.Equal(passes, values.Passed);
        Assert.Equal(number.Largest, values.Largest, 1e-12);
    }

    [Fact]
    public void TheWorstPlaceAndTheLargestDifferenceAreReported()
    {
        using var scope = NewDisposeScope();
        var want = zeros(2, 3, 4);
        var got = want.clone();
        got[0, 1, 2] = 0.5f;
        got[1, 2, 3] = -2f;

        var result = Compare(got, want);

        Assert.False(result.Passed);
        Assert.Equal(2, result.Largest);
        Assert.Contains("logits[1,2,3]: -2, expected 0, difference 2, allowed 0.0625; 2 of 24 values differ", result.Message);
    }

    [Fact]
    public void APassedComparisonStillReportsItsLargestDifference()
    {
        using var scope = NewDisposeScope();
        var result = Compare(tensor(new[] { 0.0, 0.005 }), tensor(new[] { 0.0, 0.0 }));

        Assert.True(result.Passed);
        Assert.Equal(0.005, result.Largest);
        Assert.Null(result.Message);
    }

    [Fact]
    public void ShapesMustMatchExactly()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("shape [1, 4], expected [4]", Compare(zeros(1, 4), zeros(4)).Message);
        Assert.Contains("shape [1], expected []", Compare(zeros(1), tensor(0f)).Message);
    }

    [Fact]
    public void AMissingValueFails() => Assert.Equal("logits is missing", Missing().Message);

    [Fact]
    public void IntegersAndBooleansMatchExactlyWhateverTheTolerance()
    {
        using var scope = NewDisposeScope();
        Assert.False(Compare(tensor(new[] { 100L }), tensor(new[] { 101L })).Passed);
        Assert.False(Compare(tensor(new[] { (1L << 60) + 1 }), tensor(new[] { 1L << 60 })).Passed);
        Assert.False(Compare(tensor(new[] { true }), tensor(new[] { false })).Passed);
        Assert.True(Compare(tensor(new[] { 7 }), tensor(new[] { 7L })).Passed);
        Assert.Contains("dtype", Compare(tensor(new[] { 7f }), tensor(new[] { 7L })).Message);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, 1)]
    [InlineData(new long[] { 2, 3, 5 }, 1)]
    [InlineData(new long[] { 2, 3, 3 }, 1)]
    [InlineData(new long[] { 2, 4, 3, 3 }, 2)]
    [InlineData(new long[] { 2, 3, 3, 3 }, 2)]
    public void AMaskLeavesOutPositionsOfTheRightAxis(long[] shape, int axis)
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new long[] { 0, 1, 1, 1, 1, 1 }).reshape(2, 3);
        var want = zeros(shape);
        var padded = want.clone();
        padded.narrow(0, 0, 1).narrow(axis, 0, 1).fill_(float.NaN);
        var real = want.clone();
        real.narrow(0, 1, 1).narrow(axis, 0, 1).fill_(1);

        Assert.True(Compare(padded, want, mask).Passed);
        Assert.Equal(0, Compare(padded, want, mask).Largest);
        Assert.False(Compare(real, want, mask).Passed);
    }

    [Fact]
    public void AMaskOfAnotherLengthMasksNothing()
    {
        using var scope = NewDisposeScope();
        Assert.False(Compare(ones(2, 5), zeros(2, 5), zeros(2, 3)).Passed);
    }

    [Fact]
    public void EmptyTensorsOfOneShapeAreEqual()
    {
        using var scope = NewDisposeScope();
        Assert.True(Compare(zeros(0, 3), zeros(0, 3)).Passed);
    }

    [Fact]
    public void ListsNameTheFirstDifference()
    {
        var comparison = new Comparison();
        comparison.Sequence("ids", [1, 2, 3], [1, 5]);
        Assert.Equal("ids[1]: '2', expected '5' (lengths 3 and 2)", comparison.Result("x").Message);
    }

    private static CaseResult Missing()
    {
        using var scope = NewDisposeScope();
        return Compare(null, zeros(1));
    }

    private static CaseResult Compare(Tensor? got, Tensor want, Tensor? mask = null)
    {
        var comparison = new Comparison();
        comparison.Tensor("logits", got, want, Loose, mask);
        return comparison.Result("case");
    }
}
