using Pyvene.Typed.Analysis;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Analysis;

/// <summary>What a rotation takes from each token is told in shares.</summary>
public sealed class RotationMapTests
{
    private static readonly string[] Tokens = ["Mary", "smiled"];
    private static readonly string[] Variables = ["gender", "number"];

    [Fact]
    public void SharesAreTheNormsOfTheBlocks()
    {
        using var scope = NewDisposeScope();
        var map = RotationMap.Of(tensor(new[] { 3f, 0, 1, 0, 0, 4, 0, 0, 5, 0, 3, 0, 0, 12, 0, 0 }, [4, 4]), Tokens, Variables);
        Assert.Equal(5 / 18d, map[0, 0], 1e-6); // of 5 and 13
        Assert.Equal(13 / 18d, map[0, 1], 1e-6);
        Assert.Equal(3 / 4d, map[1, 1], 1e-6); // of 1 and 3
    }

    [Fact]
    public void TableSaysThePercent()
    {
        using var scope = NewDisposeScope();
        var map = RotationMap.Of(eye(4), Tokens, Variables);
        Assert.Equal("         Mary smiled\ngender 100.0%   0.0%\nnumber   0.0% 100.0%\n", map.ToString());
        Assert.Equal(1, map.ToArray()[1, 1]);
    }

    [Fact]
    public void WhatDoesNotDivideIsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains(
            "5 rows cannot be divided into 2 tokens", Assert.Throws<ArgumentException>(() => RotationMap.Of(eye(5), Tokens, Variables)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RotationMap.Of(eye(4), Tokens, Variables, tokenWidth: 3));
        Assert.Throws<ArgumentException>(() => RotationMap.Of(eye(4), [], Variables));
        Assert.Throws<ArgumentException>(() => RotationMap.Of(ones(4), Tokens, Variables));
        Assert.Throws<ArgumentOutOfRangeException>(() => RotationMap.Of(eye(4), Tokens, Variables)[2, 0]);
    }

    [Fact]
    public void LikeliestTokensOfADistributionComeFirstAndShowTheirSpaces()
    {
        using var scope = NewDisposeScope();
        string[] words = ["<s>", " Rome", "a b\nc"];
        var found = TokenProbability.Likeliest(tensor(new[] { 0.1f, 0.6f, 0.3f }), id => words[id], count: 2);
        Assert.Equal(["_Rome", "a_b\\nc"], found.Select(token => token.Shown));
        Assert.Equal([1, 2], found.Select(token => token.Id));
        Assert.Equal(3, TokenProbability.Likeliest(tensor(new[] { 0.1, 0.6, 0.3 }), id => words[id]).Count);
        Assert.Throws<ArgumentException>(() => TokenProbability.Likeliest(ones(2, 3), id => words[id]));
    }
}
