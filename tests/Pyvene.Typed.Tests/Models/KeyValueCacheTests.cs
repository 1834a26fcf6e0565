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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AWindowKeepsWhatTheNextQuerySees(bool withGradient)
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var parts = Enumerable.Range(0, 300).Select(step => rand(2, 3, step == 40 ? 30 : 1, 4, requires_grad: withGradient)).ToList();
        for (var step = 0; step < parts.Count; step++)
        {
            var past = cache.Length;
            var (keys, values) = cache.Append(0, parts[step], parts[step].mul(2), window: 5);

            var all = cat([.. parts.Take(step + 1)], 2);
            var count = Math.Min(past, 4) + parts[step].shape[2];
            Assert.True(keys.Equals(all.narrow(2, all.shape[2] - count, count)));
            Assert.True(values.Equals(keys.mul(2)));
            Assert.Equal(all.shape[2], cache.Length);
        }

        Assert.InRange(BytesOf(cache), 1, 2 * 2 * 3 * 4 * 4 * (4 + 1 + 64));
    }

    [Fact]
    public void SelectedRowsOfAWindowGoOnByThemselves()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var (first, rows) = (rand(2, 3, 9, 4), tensor(new long[] { 1, 1, 0 }));
        cache.Append(0, first, first, window: 4);
        for (var step = 0; step < 3; step++)
        {
            cache.SelectRows(step == 0 ? rows : tensor(new long[] { 2, 0, 1 }));
            first = cat([first.index_select(0, step == 0 ? rows : tensor(new long[] { 2, 0, 1 })), rand(3, 3, 1, 4)], 2);
            var (keys, _) = cache.Append(0, first.narrow(2, first.shape[2] - 1, 1), first.narrow(2, first.shape[2] - 1, 1), window: 4);
            Assert.True(keys.Equals(first.narrow(2, first.shape[2] - 4, 4)));
        }
    }

    [Fact]
    public void AnotherWindowThanBeforeIsRefused()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        cache.Append(0, ones(1, 1, 3, 1), ones(1, 1, 3, 1), window: 2);

        Assert.Contains(
            "a window of 2, but goes on with no window", Assert.Throws<ArgumentException>(() => cache.Append(0, ones(1, 1, 1, 1), ones(1, 1, 1, 1))).Message);
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

    /// <summary>Returns how much memory the keys and values of all layers take.</summary>
    private static long BytesOf(object? value, int depth = 0)
    {
        if (value is Tensor tensor) return tensor.numel() * tensor.element_size();
        if (value is null || depth > 5 || value.GetType().IsPrimitive || value is string) return 0;
        if (value is System.Collections.IEnumerable items) return items.Cast<object?>().Sum(item => BytesOf(item, depth + 1));
        return value.GetType().Namespace?.StartsWith("Pyvene", StringComparison.Ordinal) != true
            ? 0
            : value.GetType()
                .GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
                .Sum(field => BytesOf(field.GetValue(value), depth + 1));
    }
}
