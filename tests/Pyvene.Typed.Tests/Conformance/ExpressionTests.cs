using Pyvene.Typed.Conformance.Expressions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Conformance;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("0.5*base", -1, 0, 2)]
    [InlineData("-base", 2, 0, -4)]
    [InlineData("source", 1, 2, 3)]
    [InlineData("base + 0.1*source", -1.9, 0.2, 4.3)]
    [InlineData("base - 2.0*source", -4, -4, -2)]
    [InlineData("base*source", -2, 0, 12)]
    [InlineData("base / 2 - 1", -2, -1, 1)]
    [InlineData("2 - base - 1", 3, 1, -3)]
    [InlineData("8 / 2 / 2 + 0*base", 2, 2, 2)]
    [InlineData("(base + 1) * 2", -2, 2, 10)]
    [InlineData("--base", -2, 0, 4)]
    [InlineData("relu(base)", 0, 0, 4)]
    [InlineData("base.abs()", 2, 0, 4)]
    [InlineData("sign(base)", -1, 0, 1)]
    [InlineData("sqrt(abs(base)) * sign(base)", -1.41421356, 0, 2)]
    [InlineData("exp(zeros_like(base))", 1, 1, 1)]
    [InlineData("tanh(base)", -0.96402758, 0, 0.99932930)]
    [InlineData("base - mean(base)", -2.66666667, -0.66666667, 3.33333333)]
    [InlineData("where(base > 0.0, base, 0.1*base)", -0.2, 0, 4)]
    [InlineData("where(base <= source - 2.0, 1.0 + 0*base, base)", 1, 1, 4)]
    [InlineData("clamp(base, -1, 1)", -1, 0, 1)]
    [InlineData("base.clamp(1)", 1, 1, 4)]
    [InlineData("base * (1 + subspaces[0][0])", -6, 0, 12)]
    [InlineData("base * subspaces[0][-1]", -10, 0, 20)]
    [InlineData("1e1*base", -20, 0, 40)]
    public void AnExpressionGivesWhatPythonWould(string text, double first, double second, double third)
    {
        using var scope = NewDisposeScope();
        var result = Expression.Compile(text).Evaluate(tensor(new[,] { { -2f, 0f, 4f } }), tensor(new[,] { { 1f, 2f, 3f } }), tensor(new[,] { { 2L, 5L } }))!;

        Assert.Equal(ScalarType.Float32, result.dtype);
        Assert.Equal([1L, 3L], result.shape);
        Assert.Equal(first, result[0, 0].item<float>(), 1e-6);
        Assert.Equal(second, result[0, 1].item<float>(), 1e-6);
        Assert.Equal(third, result[0, 2].item<float>(), 1e-6);
    }

    [Fact]
    public void NoneWritesNothing()
    {
        using var scope = NewDisposeScope();
        Assert.Null(Expression.Compile("none").Evaluate(zeros(1), null, null));
    }

    [Theory]
    [InlineData("base +", "character 7: expected a value, found the end")]
    [InlineData("(base", "expected ')', found the end")]
    [InlineData("base base", "character 6: expected the end, found 'base'")]
    [InlineData("bse", "there is no value 'bse'; there are base, source and subspaces")]
    [InlineData("sin(base)", "there is no function 'sin'; there are abs, clamp")]
    [InlineData("where(base)", "'where' takes 3 arguments, not 1")]
    [InlineData("base @ source", "character 6: '@' belongs to no expression")]
    [InlineData("base[x]", "expected an index, found 'x'")]
    [InlineData("__import__('os')", "'''")]
    [InlineData("", "expected a value, found the end")]
    public void AMistakeIsNamedWithItsPlace(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Expression.Compile(text)).Message);

    [Fact]
    public void DeepNestingIsRefusedBeforeTheStackEnds()
    {
        Assert.Throws<FormatException>(() => Expression.Compile(new string('(', 100) + "base" + new string(')', 100)));
        Assert.Throws<FormatException>(() => Expression.Compile("base" + string.Concat(Enumerable.Repeat("+base", 10_000))));
    }

    [Fact]
    public void AValueThatTheRunDoesNotHaveIsNamed()
    {
        using var scope = NewDisposeScope();
        var expression = Expression.Compile("base + source");
        Assert.True(expression.UsesSource);
        Assert.False(Expression.Compile("0.5*base").UsesSource);
        Assert.Contains("'source'", Assert.Throws<InvalidOperationException>(() => expression.Evaluate(zeros(1), null, null)).Message);
    }
}
