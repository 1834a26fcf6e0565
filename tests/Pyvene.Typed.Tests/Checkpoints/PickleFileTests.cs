using System.IO.Compression;
using Pyvene.Typed.Checkpoints.Pickle;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;

namespace Pyvene.Typed.Tests.Checkpoints;

public sealed class PickleFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new("pickle");

    private string Path => System.IO.Path.Combine(folder.Path, "file.bin");

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Refused => new()
    {
        { "cos\nsystem\n.", "asks for 'os.system'" },
        { "ctorch\nload\n.", "asks for 'torch.load'" },
        { "cos\npath\nsystem\n.", "asks for 'os.path'" },
        { "(lp1000000000000000000000000000\n.", "memo number is too large" },
        { "g5\n.", "number 5 of its memo" },
        { "]}(ls.", "what a key is set in" },
        { "}]I1\ns.", "a key of a dictionary is" },
        { "I99999999999x\n.", "a whole number cannot be read" },
        { "(I1\nI2\n", "ends in the middle" },
        { "X\u007f\u007f\u007f\u007fabc.", "declares a value of" },
        { "}X\u0001\0\0\0aK\u0001sX\u0001\0\0\0aK\u0002s.", "the key 'a' of a dictionary is set twice" },
        { "ccollections\nOrderedDict\n]((X\u0001\0\0\0aK\u0001t(X\u0001\0\0\0aK\u0002te\u0085R.", "the key 'a' of a dictionary is set twice" },
        { "i", "builds objects that no state dictionary has" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void APickleThatIsNoStateDictionaryIsRefusedWithTheReason(string program, string reason)
    {
        WriteZip(program);

        var error = Assert.Throws<CheckpointException>(() => PickleFile.Open(Path));

        Assert.Equal(Path, error.Path);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void AValueMayContainItself()
    {
        WriteZip("]q\u0001h\u0001a.");

        using var file = PickleFile.Open(Path);

        var list = Assert.IsType<List<object?>>(file.Value);
        Assert.Same(list, Assert.Single(list));
    }

    [Fact]
    public void CompressedRecordsAreRead()
    {
        WriteZip("}X\u0003\0\0\0keyK\u0007s.", CompressionLevel.SmallestSize);

        using var file = PickleFile.Open(Path);

        Assert.Equal(7L, Assert.IsType<PickleDictionary>(file.Value).Get("key"));
    }

    [Fact]
    public void ALongTextMayBeSharedButIsNoKey()
    {
        var text = new string('x', 2000);
        WriteZip($"}}X\u00d0\u0007\0\0{text}q\u0001K\u0001s.");

        var error = Assert.Throws<CheckpointException>(() => PickleFile.Open(Path));

        Assert.Contains("at most 1024 characters", error.Message);
    }

    [Fact]
    public void ADeflatedPickleMuchLongerThanItsFileIsRefusedBeforeItIsUnpacked()
    {
        WriteZip(new string(']', 2 << 20), CompressionLevel.SmallestSize);

        Assert.Contains("'data.pkl' declares 2097152 bytes", Assert.Throws<CheckpointException>(() => PickleFile.Open(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeflatedStorageIsUnpackedOnceHoweverManyTensorsLieInIt()
    {
        const int length = 1 << 20, views = 2000;
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var program = $"{Storage(length)}p0\n0("
            + string.Concat(Enumerable.Range(0, views).Select(view => $"X\u0004\0\0\0{view:d4}ctorch._utils\n_rebuild_tensor\n(g0\nI{view}\n(I2\nt(I1\nttR"))
            + "d.";
        WriteZip(program, CompressionLevel.Fastest, bytes);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var tensors = PickledTensors.Open(Path);
        using var scope = torch.NewDisposeScope();
        foreach (var name in tensors.Names)
        {
            Assert.Equal(bytes[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)], tensors.Read(name)[0].item<byte>());
        }

        Assert.Equal(views, tensors.Names.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}: unpacked once a tensor, this takes far longer");
    }

    [Fact]
    public void ADeflatedStorageThatOneTensorFillsIsUnpackedIntoItAndNowhereElse()
    {
        const int length = 32 << 20;
        var bytes = new byte[length];
        bytes[^1] = 7;
        WriteZip($"(X\u0001\0\0\0actorch._utils\n_rebuild_tensor\n({Storage(length)}I0\n(I{length}\nt(I1\nttRd.", CompressionLevel.Fastest, bytes);
        using var tensors = PickledTensors.Open(Path);
        using var destination = torch.ones(length, torch.ScalarType.Byte);
        var before = GC.GetAllocatedBytesForCurrentThread();

        tensors.CopyTo("a", destination);

        Assert.True(new FileInfo(Path).Length < 1 << 20);
        Assert.Equal(7, destination.sum().Whole());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData(65 << 20, "I67633152\nt(I1\nt", "its tensors would take 67633152 bytes")]
    [InlineData(33 << 20, "I2\nI17301504\nt(I1\nI2\nt", "its tensors would take 69206016 bytes")]
    public void TensorsFarLargerThanTheirFileAreRefusedBeforeAnythingIsUnpacked(int length, string sizes, string message)
    {
        WriteZip(
            $"(X\u0001\0\0\0actorch._utils\n_rebuild_tensor\n({Storage(length)}I0\n({sizes}tRd.".Replace("67633152", $"{length}", StringComparison.Ordinal),
            CompressionLevel.Fastest,
            new byte[length]);

        Assert.Contains(
            message.Replace("67633152", $"{length}", StringComparison.Ordinal),
            Assert.Throws<CheckpointException>(() => PickledTensors.Open(Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ATransposedTensorOfADeflatedStorageIsReadInItsOwnOrder()
    {
        WriteZip($"(X\u0001\0\0\0actorch._utils\n_rebuild_tensor\n({Storage(6)}I0\n(I3\nI2\nt(I1\nI3\nttRd.", CompressionLevel.Fastest, [1, 2, 3, 4, 5, 6]);
        using var tensors = PickledTensors.Open(Path);
        using var read = tensors.Read("a");

        Assert.True(read.is_contiguous());
        Assert.Equal([1, 4, 2, 5, 3, 6], read.data<byte>().ToArray());
    }

    [Theory]
    [InlineData("I0\nL4611686018427387904\nL4611686018427387904\n")]
    [InlineData("L4611686018427387904\nI0\nL9223372036854775807\n")]
    public void SizesWithoutElementsThatOverflowAreRefused(string sizes)
    {
        WriteZip($"(X\u0001\0\0\0actorch._utils\n_rebuild_tensor\n({Storage(4)}I0\n({sizes}t(I1\nI1\nI1\nttRd.", records: new byte[4]);

        Assert.Contains("overflow", Assert.Throws<CheckpointException>(() => PickledTensors.Open(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var error = Assert.Throws<CheckpointException>(() => PickleFile.Open(Path));

        Assert.Contains(Path, error.Message);
    }

    /// <summary>Writes a zip file whose pickle is a text, each character one byte.</summary>
    private void WriteZip(string program, CompressionLevel compression = CompressionLevel.NoCompression, byte[]? records = null)
    {
        using var archive = new ZipArchive(File.Create(Path), ZipArchiveMode.Create);
        using (var record = archive.CreateEntry("archive/data.pkl", compression).Open())
        {
            record.Write(System.Text.Encoding.Latin1.GetBytes(program));
        }

        if (records is not null)
        {
            using var storage = archive.CreateEntry("archive/data/0", compression).Open();
            storage.Write(records);
        }
    }

    /// <summary>The program that pushes a storage of bytes.</summary>
    private static string Storage(int length) => $"(X\u0007\0\0\0storagectorch\nByteStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuI{length}\ntQ";
}
