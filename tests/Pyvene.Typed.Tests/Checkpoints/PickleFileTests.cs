using System.IO.Compression;
using Pyvene.Typed.Checkpoints.Pickle;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Tokenization;

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
    public void AMissingFileIsNamed()
    {
        var error = Assert.Throws<CheckpointException>(() => PickleFile.Open(Path));

        Assert.Contains(Path, error.Message);
    }

    /// <summary>Writes a zip file whose pickle is a text, each character one byte.</summary>
    private void WriteZip(string program, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using var archive = new ZipArchive(File.Create(Path), ZipArchiveMode.Create);
        using var record = archive.CreateEntry("archive/data.pkl", compression).Open();
        record.Write(System.Text.Encoding.Latin1.GetBytes(program));
    }
}
