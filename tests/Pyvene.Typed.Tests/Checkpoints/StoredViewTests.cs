using Pyvene.Typed.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Checkpoints;

public sealed class StoredViewTests
{
    private const int Part = StoredView.LargestPart / sizeof(float);

    public static TheoryData<string, long, long[], long[]> Views => new()
    {
        { "a scalar", 5, [], [] },
        { "nothing", 0, [3, 0, 2], [0, 2, 1] },
        { "a row as long as a part", 0, [Part], [1] },
        { "a row of one more", 7, [Part + 1], [1] },
        { "rows", 3, [3000, 1000], [1000, 1] },
        { "rows longer than a part", 0, [2, Part + 9], [Part + 9, 1] },
        { "a transposed matrix", 0, [1000, 3000], [1, 1000] },
        { "turned axes", 11, [30, 400, 250], [250, 7500, 1] },
        { "every second row of every third column", 1, [1500, 300], [2000, 3] },
        { "one row many times", 2, [3, 900_000], [0, 1] },
        { "windows that overlap", 0, [3, Part], [5, 1] },
        { "an axis of one with a stride of its own", 0, [2, 1, 1_500_000], [1_500_000, 17, 1] },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void TensorsOfAnyStridesGoInPartsIntoTensorsOfAnyKind(string _, long offset, long[] shape, long[] strides)
    {
        using var scope = NewDisposeScope();
        var stored = arange(3_100_000, dtype: ScalarType.Float32).sin();
        var expected = stored.as_strided(shape, strides, offset);
        var largest = 0L;
        var view = new StoredView(ScalarType.Float32, offset, shape, strides, (start, part) =>
        {
            largest = Math.Max(largest, part.numel());
            part.copy_(stored.narrow(0, start, part.numel()).view(part.shape));
        });

        var turned = empty([.. shape.Reverse()], ScalarType.Float32).permute([.. Enumerable.Range(0, shape.Length).Reverse().Select(axis => (long)axis)]);
        foreach (var destination in new[] { empty(shape, ScalarType.BFloat16), empty(shape, ScalarType.Float64), turned })
        {
            largest = 0;
            view.CopyTo(destination);

            Assert.True(destination.Equals(expected.to(destination.dtype)));
            Assert.True(view.Holds(destination));
            Assert.True(largest <= Part || destination.dtype == ScalarType.Float32, $"{largest} numbers were read at once.");
        }

        var whole = empty(shape, ScalarType.Float32);
        view.CopyTo(whole);
        Assert.True(whole.Equals(expected));
        if (whole.numel() > 0)
        {
            whole.view(-1)[-1].add_(1);
            Assert.False(view.Holds(whole));
        }
    }
}
