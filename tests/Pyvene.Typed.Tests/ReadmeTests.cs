using System.Diagnostics;

namespace Pyvene.Typed.Tests;

public sealed class ReadmeTests
{
    private static string Readme => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void FirstCodeBlockIsTheFirstExample() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "examples", "01-first-intervention.cs")).TrimEnd(), Block("```csharp\n"));

    [Fact]
    [Trait("Category", "Doors")]
    public async Task FirstExamplePrintsWhatTheReadmeShows()
    {
        var start = new ProcessStartInfo("dotnet", ["run", "examples/01-first-intervention.cs"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = (await process.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n').Select(line => line.TrimEnd());
        await process.WaitForExitAsync();
        var saved = Path.Combine(Repository.Root, "swap.json");

        Assert.Equal(Block("<!-- output of examples/01-first-intervention.cs -->\n```\n"), string.Join("\n", lines));
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(File.ReadAllText(saved), Typed.Configuration.InterventionConfig.Load(saved).ToJson());
        File.Delete(saved);
    }

    /// <summary>Returns what stands between a mark and the end of its code block.</summary>
    private static string Block(string mark)
    {
        var start = Readme.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        return Readme[start..Readme.IndexOf("\n```", start, StringComparison.Ordinal)].TrimEnd();
    }
}
