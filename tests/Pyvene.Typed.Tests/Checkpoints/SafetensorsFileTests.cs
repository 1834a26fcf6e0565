using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new("safetensors");

    private string File => Path.Combine(folder.Path, "model.safetensors");

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, int, string> BadHeaders => new()
    {
        { """[1, 2]""", 0, "must be an object, but is [1, 2]" },
        { """{"a": """, 0, "not valid JSON" },
        { """{"a": {"dtype": "F32", "shape": [2]}}""", 8, "'data_offsets'" },
        { """{"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}""", 8, "'shape'" },
        { """{"a": {"dtype": "F32", "shape": [2.5], "data_offsets": [0, 10]}}""", 10, "'shape'" },
        { """{"a": {"dtype": "U16", "shape": [3], "data_offsets": [0, 4]}}""", 4, "does not take the 4 bytes" },
        { """{"a": {"dtype": "F32", "shape": [0, 4611686018427387904, 4611686018427387904], "data_offsets": [0, 0]}}""", 0, "does not take the 0 bytes" },
        { """{"a": {"dtype": "U8", "dtype": "I8", "shape": [1], "data_offsets": [0, 1]}}""", 1, "'dtype'" },
        { """{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1], "data_offsets": [0, 1]}}""", 1, "'data_offsets'" },
        { """{"\ud800": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}""", 1, "no Unicode text" },
        { """{"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}""", 8, "does not take the 8 bytes" },
        { """{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 0]}}""", 0, "does not take the 0 bytes" },
        { """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 4, "truncated" },
        { """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}""", 8, "claims the bytes 8 to 0" },
        { """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}""", 12, "'b' overlaps" },
        { """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [12, 16]}}""", 16, "'b' leaves a gap" },
        { """{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 9, "holds 9 bytes" },
        { """{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}, "a": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}}""", 2, "'a'" },
        { """{"__metadata__": {"format": 3}}""", 0, "'__metadata__.format' must be a text, but is 3" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void ABadHeaderIsRefusedWithTheFileAndTheReason(string header, int dataLength, string reason)
    {
        System.IO.File.WriteAllBytes(File, SafetensorsBytes.Of(header, dataLength));

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(File));

        Assert.Equal(File, error.Path);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("U16", 2)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F4", 0.5)]
    [InlineData("NEXT_YEAR", 3)]
    public void ATensorOfADtypeThatCannotBeReadIsRefusedWhenItIsReadAndNoOther(string dtype, double size)
    {
        var end = (int)(4 * size);
        var header = $$$"""{"a": {"dtype": "{{{dtype}}}", "shape": [4], "data_offsets": [0, {{{end}}}]}, "b": {"dtype": "U8", "shape": [2], "data_offsets": [{{{end}}}, {{{end + 2}}}]}}""";
        System.IO.File.WriteAllBytes(File, [.. SafetensorsBytes.Of(header, end), 7, 9]);

        using var file = SafetensorsFile.Open(File);
        using var other = file.Read("b");

        Assert.Equal([7, 9], other.data<byte>().ToArray());
        Assert.Contains($"'a' has dtype '{dtype}'", Assert.Throws<CheckpointException>(() => file.Read("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHugeHeaderLengthIsRefusedBeforeMemoryIsTaken()
    {
        System.IO.File.WriteAllBytes(File, [.. SafetensorsBytes.Length(ulong.MaxValue), .. new byte[16]]);

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(File));

        Assert.Contains($"claims {ulong.MaxValue} bytes, but the file has 16", error.Message);
    }

    [Fact]
    public void AFileShorterThanTheLengthOfItsHeaderIsRefused()
    {
        System.IO.File.WriteAllBytes(File, [1, 2, 3]);

        Assert.Contains("has 3 bytes", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(File)).Message);
    }

    [Fact]
    public void AMissingFileIsNamed() => Assert.Contains("cannot be opened", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(File)).Message);

    [Fact]
    public void AFileThatIsCutShortWhileOpenGivesAnError()
    {
        using var values = rand(1000);
        SafetensorsWriter.Write(File, [("a", values)]);
        using var file = SafetensorsFile.Open(File);
        using (var stream = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(stream.Length - 40);
        }

        var error = Assert.Throws<CheckpointException>(() => file.Read("a"));

        Assert.Contains("tensor 'a'", error.Message);
        Assert.Contains("40 bytes are missing", error.Message);
    }

    [Fact]
    public void AnUnknownNameIsNamed()
    {
        System.IO.File.WriteAllBytes(File, SafetensorsBytes.Of("{}", 0));
        using var file = SafetensorsFile.Open(File);

        Assert.Contains("'w'", Assert.Throws<CheckpointException>(() => file.Info("w")).Message);
    }

    [Fact]
    public void ABooleanThatIsNeitherZeroNorOneIsRefused()
    {
        var bytes = SafetensorsBytes.Of("""{"a": {"dtype": "BOOL", "shape": [2], "data_offsets": [0, 2]}}""", 2);
        bytes[^1] = 7;
        System.IO.File.WriteAllBytes(File, bytes);
        using var file = SafetensorsFile.Open(File);

        Assert.Contains("BOOL", Assert.Throws<CheckpointException>(() => file.Read("a")).Message);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void WhatIsWrittenIsReadBack(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var matrix = rand(5, 3).mul(100).to(dtype).t(); // [3, 5], not contiguous
        var scalar = ones(Array.Empty<long>(), dtype);
        var nothing = empty([0, 4], dtype);
        SafetensorsWriter.Write(File, [("matrix", matrix), ("scalar", scalar), ("nothing", nothing)], new Dictionary<string, string> { ["format"] = "pt" });

        using var file = SafetensorsFile.Open(File);

        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var (name, written) in new[] { ("matrix", matrix), ("scalar", scalar), ("nothing", nothing) })
        {
            var read = file.Read(name);
            Assert.Equal(dtype, read.dtype);
            Assert.Equal(written.shape, file.Info(name).Shape);
            Assert.True(read.Equals(written), name);
        }
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var good = ones(2);
        using var bad = ones([2], ScalarType.ComplexFloat32);
        SafetensorsWriter.Write(File, [("a", good)]);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(File, [("a", bad)]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(File, [("a", good), ("a", good)]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(File, [("__metadata__", good)]));

        Assert.Equal([File], Directory.GetFiles(folder.Path));
        using var file = SafetensorsFile.Open(File);
        Assert.Equal(["a"], file.Names);
    }
}
