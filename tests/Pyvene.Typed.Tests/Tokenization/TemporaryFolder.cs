namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pyvene-typed-").FullName;

    public TemporaryFolder(string name) => Path = Directory.CreateDirectory(System.IO.Path.Combine(_root, name)).FullName;

    public string Path { get; }

    public void Write(string file, string text) => File.WriteAllText(System.IO.Path.Combine(Path, file), text);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
