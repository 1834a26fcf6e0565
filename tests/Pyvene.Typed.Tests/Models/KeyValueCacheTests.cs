using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public sealed class KeyValueCacheTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AppendingIsConcatenation(bool withGradient)
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var parts = Enumerable.Range(0, 40).Select(step => rand(2, 3, 1 + (step % 5), 4, requires_grad: withGradient)).ToList();
        var (keys, values) = (zeros(0), zeros(0));

        foreach (var part in parts) (keys, values) = cache.Append(0, part, part.mul(2));

        var expected = cat([.. parts], 2);
        Assert.Equal(expected.shape[2], cache.Length);
        Assert.True(keys.Equals(expected));
        Assert.True(values.Equals(expected.mul(2)));
        Assert.Equal(withGradient, keys.requires_grad);
    }

    [Fact]
    public void SelectedRowsGoOnByThemselves()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var (first, second, rows) = (rand(2, 3, 5, 4), rand(3, 3, 1, 4), tensor(new long[] { 1, 1, 0 }));

        cache.Append(0, first, first);
        cache.SelectRows(rows);
        var (keys, values) = cache.Append(0, second, second);

        Assert.True(keys.Equals(cat([first.index_select(0, rows), second], 2)));
        Assert.True(values.Equals(keys));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnotherBatchIsRefused(int batch)
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        cache.Append(0, ones(2, 3, 4, 5), ones(2, 3, 4, 5));

        var error = Assert.Throws<ArgumentException>(() => cache.Append(0, ones(batch, 3, 1, 5), ones(batch, 3, 1, 5)));

        Assert.Contains($"batch {batch}", error.Message);
    }

    [Fact]
    public void ALayerCannotBeSkipped()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();

        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Append(1, ones(1, 1, 1, 1), ones(1, 1, 1, 1)));
    }

    [Fact]
    public void DisposingFreesEveryTensor()
    {
        using var scope = NewDisposeScope();
        var part = rand(1, 2, 3, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var inner = NewDisposeScope())
        using (var cache = new KeyValueCache())
        {
            for (var step = 0; step < 50; step++) cache.Append(0, part, part);
            cache.SelectRows(zeros(2, int64));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
