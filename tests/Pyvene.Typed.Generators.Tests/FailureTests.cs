using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>
/// Failures that users of today's libraries meet silently, each as a program of ours: <c>Failures/SFnn.cs</c> says in its head what goes wrong elsewhere and
/// which diagnostics are all that the compiler and the rules report here. <c>docs/decisions/skips.md</c> lists those that are not here.
/// </summary>
public sealed class FailureTests
{
    private static readonly string Folder = Path.Combine(Typed.Tests.Repository.Root, "tests", "Pyvene.Typed.Generators.Tests", "Failures");

    public static TheoryData<string> Programs =>
        [.. Directory.GetFiles(Folder, "SF*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task FailureIsCaughtBeforeAnythingRuns(string id)
    {
        var source = File.ReadAllText(Path.Combine(Folder, $"{id}.cs"));
        Assert.StartsWith($"// {id}: ", source, StringComparison.Ordinal);
        DescriptorFile[] descriptors = Head(source, "Descriptor") is { } name ? [DescriptorFile.Read(name)] : [];

        var found = await AnalyzedProgram.Of(source, descriptors).Diagnose();

        Assert.Equal(Head(source, "Caught by"), string.Join(' ', found.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal)));
    }

    private static string? Head(string source, string key) =>
        source.Split('\n')
            .TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))
            .FirstOrDefault(line => line.StartsWith($"// {key}: ", StringComparison.Ordinal))?[(key.Length + 5)..];
}
