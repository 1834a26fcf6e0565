using System.Buffers.Binary;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Checkpoints.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new("gguf");

    private string Path => System.IO.Path.Combine(folder.Path, "model.gguf");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void MetadataHasTheKindsThatItIsStoredInAndTensorsHaveTheirSlowestAxisFirst()
    {
        using var file = Open(new GgufBytes { Version = 2 }
            .With("a", 7u).With("b", "é").With("c", new[] { 0.5f, -1f }).With("d", true).With("e", new[] { new[] { 1, 2 }, [3] })
            .Floats("t", [2, 3], 1, 2, 3, 4, 5, 6));

        Assert.Equal(["a", "b", "c", "d", "e"], file.Metadata.Keys);
        Assert.Equal(7u, file.Metadata["a"]);
        Assert.Equal("é", file.Metadata["b"]);
        Assert.Equal(new[] { 0.5f, -1f }, file.Metadata["c"]);
        Assert.Equal(true, file.Metadata["d"]);
        Assert.Equal([1, 2], Assert.IsType<int[]>(Assert.IsType<Array[]>(file.Metadata["e"])[0]));
        using var tensor = file.Read("t");
        Assert.Equal([2L, 3L], tensor.shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], tensor.data<float>().ToArray());
    }

    [Fact]
    public void AQuantisedTensorIsReadIntoTheDtypeThatIsWanted()
    {
        var block = new byte[20]; // Q4_1: scale 0.5, least value -1, codes 0 to 15 in the low halves and 15 in the high ones
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.5f);
        BinaryPrimitives.WriteHalfLittleEndian(block.AsSpan(2), (Half)(-1f));
        for (var index = 0; index < 16; index++) block[4 + index] = (byte)(0xF0 | index);
        using var file = Open(new GgufBytes().Tensor("t", [1, 32], 3, block));
        using var wanted = zeros([1, 32], ScalarType.BFloat16);

        ((ITensorSource)file).CopyTo("t", wanted);

        using var read = wanted.to(ScalarType.Float32);
        Assert.Equal([.. Enumerable.Range(0, 16).Select(code => (code * 0.5f) - 1), .. Enumerable.Repeat(6.5f, 16)], read.data<float>().ToArray());
    }

    [Theory]
    [InlineData(999u, "tensor 't' has the type 999, which is unknown")]
    [InlineData(4u, "tensor 't' has the type 4, which is unknown")]
    public void AnUnknownTypeIsRefusedByItsNumberAndTheTensor(uint type, string reason) =>
        Assert.Contains(reason, Refusal(new GgufBytes().Tensor("t", [32], type, new byte[64]).ToArray()), StringComparison.Ordinal);

    [Fact]
    public void ATypeThatCannotBeDequantisedIsRefusedWhenItsTensorIsReadAndNoOther()
    {
        using var file = Open(new GgufBytes().Tensor("t", [256], 16, new byte[66]).Floats("u", [1], 3));

        using var other = file.Read("u");
        var error = Assert.Throws<CheckpointException>(() => file.Read("t"));

        Assert.True(error.IsUnsupported);
        Assert.Contains("'t' has the type 16 (IQ2_XXS)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TensorsThatOverlapLeaveAGapOrEndBehindTheFileAreRefusedWithTheirPlace()
    {
        Assert.Contains("tensor 'u' has the offset 0, but the tensors before it and the alignment of 32 put it at 32",
            Refusal(new GgufBytes().Floats("t", [1], 1).Tensor("u", [1], 0, new byte[4], 0).ToArray()), StringComparison.Ordinal);
        Assert.Contains("'u' has the offset 64",
            Refusal(new GgufBytes().Floats("t", [1], 1).Tensor("u", [1], 0, new byte[64], 64).ToArray()), StringComparison.Ordinal);
        Assert.Contains("tensor 't' takes 16 bytes from byte 64 on, but the file ends at byte 68",
            Refusal(new GgufBytes().Tensor("t", [4], 0, new byte[4]).ToArray()), StringComparison.Ordinal);
        Assert.Contains("two tensors 't'", Refusal(new GgufBytes().Floats("t", [1], 1).Floats("t", [1], 1).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyThatStandsTwiceAndAnAlignmentThatIsNoPowerOfTwoAreRefused()
    {
        Assert.Contains("the key 'a' twice", Refusal(new GgufBytes().With("a", 1u).With("a", 1u).ToArray()), StringComparison.Ordinal);
        Assert.Contains("'general.alignment' must be a power of 2",
            Refusal(new GgufBytes().With("general.alignment", 24u).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsCutAnywhereIsRefusedAndNothingElseHappens()
    {
        var whole = new GgufBytes().With("a", "text").With("b", new[] { 1, 2 }).With("c", new[] { "x", "y" }).Floats("t", [2, 2], 1, 2, 3, 4).ToArray();
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Contains(Path, Refusal(whole[..length]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ChangedBytesAreReadOrRefusedAndTakeLittleMemory()
    {
        var whole = new GgufBytes().With("a", "text").With("b", new[] { 1, 2 }).With("c", new[] { "x", "y" }).Floats("t", [2, 2], 1, 2, 3, 4).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0xFF;
            File.WriteAllBytes(Path, changed);
            try
            {
                using var file = GgufFile.Open(Path);
            }
            catch (CheckpointException)
            {
                // as it should be
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, whole.Length * 300_000L);
    }

    private string Refusal(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        var error = Assert.Throws<CheckpointException>(() => GgufFile.Open(Path));
        Assert.Equal(Path, error.Path);
        return error.Message;
    }

    private GgufFile Open(GgufBytes bytes)
    {
        File.WriteAllBytes(Path, bytes.ToArray());
        return GgufFile.Open(Path);
    }
}
