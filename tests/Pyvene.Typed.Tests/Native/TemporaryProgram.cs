namespace Pyvene.Typed.Tests.Native;

/// <summary>A program in a folder of its own outside the repository, built with the repository's properties.</summary>
internal sealed class TemporaryProgram : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly string _source;

    /// <summary>Writes the program.</summary>
    /// <param name="source">The C# program.</param>
    /// <param name="properties">The file of the folder <c>build</c> that the program imports.</param>
    public TemporaryProgram(string source, string properties = "TypedConsumer.props")
    {
        _source = source;
        Folder = Directory.CreateTempSubdirectory("pyvene-door-").FullName;
        Write("Directory.Packages.props", $"""<Project><Import Project="{Repository.Root}/Directory.Packages.props" /></Project>""");
        Write("Directory.Build.props",
            $"""
            <Project>
              <Import Project="{Repository.Root}/Directory.Build.props" />
              <Import Project="{Repository.Root}/build/{properties}" Condition="'$(FileBasedProgram)' != 'true'" />
            </Project>
            """);
    }

    /// <summary>The folder of the program.</summary>
    public string Folder { get; }

    /// <summary>The folder that <see cref="Build"/> writes to.</summary>
    public string OutputFolder => Path.Combine(Folder, "out");

    /// <summary>Builds the program as a project that references the library of this checkout, which is built already.</summary>
    /// <param name="platform">The platform to build for, as <c>-r</c> does, or null for a program that runs on all.</param>
    public async Task Build(string? platform = null)
    {
        // Properties stand in the file: given to the command they would hold for the library of this checkout too, and restore or build it otherwise.
        Write("Program.cs", _source);
        Write("door.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <OutDir>out/</OutDir>
                <RuntimeIdentifier>{platform}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <BuildProjectReferences>false</BuildProjectReferences>
              </PropertyGroup>
              <ItemGroup><ProjectReference Include="{Repository.Root}/src/Pyvene.Typed/Pyvene.Typed.csproj" /></ItemGroup>
            </Project>
            """);
        (await DotnetProcess.Run(Folder, Nothing, "build", "door.csproj", "-c", Configuration)).RequireSuccess();
    }

    /// <summary>Runs what <see cref="Build"/> built.</summary>
    public Task<DotnetProcess> Run(params string[] arguments) => Run(Nothing, arguments);

    /// <summary>Runs what <see cref="Build"/> built with some environment variables.</summary>
    public Task<DotnetProcess> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        DotnetProcess.Run(Folder, environment, [Path.Combine(OutputFolder, "door.dll"), .. arguments]);

    /// <summary>Runs the program as a file-based app, without a project.</summary>
    public async Task<DotnetProcess> RunAsFile()
    {
        Write("door.cs",
            $"""
            #:project {Repository.Root}/src/Pyvene.Typed/Pyvene.Typed.csproj
            #:property BuildProjectReferences=false
            {_source}
            """);
        return await DotnetProcess.Run(Folder, Nothing, "run", "-c", Configuration, "door.cs");
    }

    /// <summary>Removes the folder of the program.</summary>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);
}
