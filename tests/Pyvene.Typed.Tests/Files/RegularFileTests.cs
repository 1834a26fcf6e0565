using System.Text.RegularExpressions;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Checkpoints.Pickle;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Files;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Tokenization;
using Xunit;

namespace Pyvene.Typed.Tests.Files;

public sealed partial class RegularFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string Place => Path.Combine(folder, "file");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void AFileIsReadAlsoThroughALink()
    {
        File.WriteAllText(Place, "\uFEFFtext é");
        var link = Path.Combine(folder, "link");
        File.CreateSymbolicLink(link, Place);

        Assert.Equal("text é", RegularFile.ReadAllText(link, 100, Error));
        Assert.Equal(File.ReadAllBytes(Place), RegularFile.ReadAllBytes(link, 100, Error));
    }

    [Fact]
    public void AFileBeyondTheLimitIsRefusedBeforeItIsRead()
    {
        File.WriteAllText(Place, "12345");

        Assert.Equal("12345", RegularFile.ReadAllText(Place, 5, Error));
        Assert.Equal("door: It has 5 bytes; at most 4 are read.", Assert.Throws<InvalidDataException>(() => RegularFile.ReadAllText(Place, 4, Error)).Message);
    }

    [Fact]
    public void AFileThatIsNotThereIsAnErrorOfTheDoor() =>
        Assert.IsType<FileNotFoundException>(Assert.Throws<InvalidDataException>(() => RegularFile.Open(Place, Error)).InnerException);

    public static TheoryData<string, Action<string>> Doors { get; } = new()
    {
        { "config.json", folder => Checkpoint.Open(folder).Dispose() },
        { "model.safetensors", folder => Checkpoint.Open(folder).Dispose() },
        { "model.safetensors.index.json", folder => Checkpoint.Open(folder).Dispose() },
        { "pytorch_model.bin", folder => Checkpoint.Open(folder).Dispose() },
        { "pytorch_model.bin.index.json", folder => Checkpoint.Open(folder).Dispose() },
        { "tensors.safetensors", folder => SafetensorsFile.Open(Path.Combine(folder, "tensors.safetensors")).Dispose() },
        { "state.bin", folder => StateDictionaryFile.Read(Path.Combine(folder, "state.bin")) },
        { "generation_config.json", folder => GenerationOptionsReader.Load(folder) },
        { "tokenizer.json", folder => TextTokenizer.Load(folder) },
        { "tokenizer_config.json", folder => TextTokenizer.Load(folder) },
        { "special_tokens_map.json", folder => TextTokenizer.Load(folder) },
        { "added_tokens.json", folder => TextTokenizer.Load(folder) },
        { "chat_template.jinja", folder => TextTokenizer.Load(folder) },
        { "vocab.json", folder => TextTokenizer.Load(folder) },
        { "merges.txt", folder => TextTokenizer.Load(folder) },
        { "one.json", folder => InterventionConfig.Load(Path.Combine(folder, "one.json")) },
        { "experiment.json", folder => ExperimentFolder.Load(folder) },
        { "config.json", folder => PyveneFolder.Open(folder).Dispose() },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task ALinkToADeviceAndAPipeAreRefusedAtEveryDoor(string file, Action<string> open)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var (name, content) in Beside.Where(item =>
            item.Name != file && !(file.Contains("model", StringComparison.Ordinal) && item.Name.Contains("model", StringComparison.Ordinal))))
        {
            if (!(file is "vocab.json" or "merges.txt" && name == "tokenizer.json"))
            {
                File.WriteAllText(Path.Combine(folder, name), content);
            }
        }

        var place = Path.Combine(folder, file);
        File.CreateSymbolicLink(place, "/dev/zero");
        await Refuses();
        File.Delete(place);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [place]))
        {
            await made.WaitForExitAsync();
        }

        await Refuses();

        async Task Refuses()
        {
            var error = await Record.ExceptionAsync(() => Task.Run(() => open(folder)).WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.NotNull(error);
            Assert.Contains("It is empty, or a device or a pipe", error.Message, StringComparison.Ordinal);
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Nothing else in the library opens files to read them.</summary>
    [Fact]
    public void OnlyOnePlaceOpensFiles()
    {
        var source = Path.Combine(Repository.Root, "src", "Pyvene.Typed");
        var found = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Select(line => (Path: Path.GetRelativePath(source, path).Replace('\\', '/'), Line: line)))
            .Where(item => Opening().IsMatch(item.Line))
            .Select(item => $"{item.Path}: {item.Line.Trim()}")
            .ToList();

        Assert.Equal(
            [
                "Checkpoints/Hub/ModelHub.cs: await using (var stream = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))",
                "Checkpoints/WholeFile.cs: using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))",
                "Descriptors/Reading/ShippedDescriptors.cs: using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);",
                "Files/JsonLines.cs: stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);", // lines as they come
                "Files/RegularFile.cs: file = File.OpenHandle(path);",
            ],
            found.Order(StringComparer.Ordinal));
    }

    private static readonly (string Name, string Content)[] Beside =
    [
        ("config.json", "{}"),
        ("tokenizer.json", """{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}"""),
        ("vocab.json", """{"a": 0}"""),
        ("merges.txt", "#version: 0.2\n"),
    ];

    private static InvalidDataException Error(string reason, Exception? cause) => new($"door: {reason}", cause);

    [GeneratedRegex(
        @"\bFile\.(Read|Open)\w*\(|new (FileStream|StreamReader)\((?!stream\b|new |Open)|MemoryMappedFile|FileInfo\([^)]*\)\.Open|AppendText|CopyTo\(path")]
    private static partial Regex Opening();
}
