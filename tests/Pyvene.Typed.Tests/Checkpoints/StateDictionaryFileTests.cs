using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Checkpoints;

public sealed class StateDictionaryFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new("state");
    private readonly DisposeScope scope = NewDisposeScope();

    private string Path => System.IO.Path.Combine(folder.Path, "state.bin");

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    public static TheoryData<ScalarType> Dtypes => new(
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8,
        ScalarType.Byte, ScalarType.Bool,
        ScalarType.ComplexFloat32, ScalarType.ComplexFloat64);

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void EveryDtypeComesBack(ScalarType dtype)
    {
        var values = arange(6).remainder(2).to(dtype).view(2, 3);

        StateDictionaryFile.Write(Path, [("values", values)]);

        var read = Assert.Single(StateDictionaryFile.Read(Path));
        Assert.Equal("values", read.Key);
        Assert.Equal(dtype, read.Value.dtype);
        Assert.True(read.Value.eq(values).all().item<bool>());
    }

    [Fact]
    public void ShapesNamesAndOrderComeBack()
    {
        (string Name, Tensor Tensor)[] tensors = [("z", tensor(3.5f)), ("ä.b", zeros(0, 3)), ("a", rand(2, 3, 4).transpose(0, 2)), ("row", rand(1, 1, 5))];

        StateDictionaryFile.Write(Path, tensors);

        var read = StateDictionaryFile.Read(Path);
        Assert.Equal(tensors.Select(item => item.Name), read.Keys);
        Assert.All(tensors, item => Assert.True(read[item.Name].eq(item.Tensor).all().item<bool>()));
        Assert.All(tensors, item => Assert.Equal(item.Tensor.shape, read[item.Name].shape));
    }

    [Fact]
    public void AFailureLeavesNoFile()
    {
        Assert.Throws<ArgumentException>(() => StateDictionaryFile.Write(Path, [("a", rand(2)), ("a", rand(3))]));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AChangedByteIsFound()
    {
        StateDictionaryFile.Write(Path, [("a", rand(64))]);
        var bytes = File.ReadAllBytes(Path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path, bytes);

        Assert.Throws<CheckpointException>(() => StateDictionaryFile.Read(Path));
    }
}
