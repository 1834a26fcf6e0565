using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
#if USE_VERIFY
using VerifyXunit;
#endif

namespace Pyvene.Typed.Generators.Tests;

/// <summary>
/// Compares generated files with the ones that were read and accepted: <c>Snapshots/{Class}.{Method}#{hint}.verified.cs</c>, as Verify names them. A difference
/// is written beside it as <c>.received.cs</c> and fails the test; nothing is accepted but by renaming the file.
/// </summary>
internal static class Snapshot
{
    public static Task Match(GeneratorRunResult result, [CallerFilePath] string test = "", [CallerMemberName] string method = "")
    {
        var files = result.GeneratedSources.Select(source =>
            (Hint: source.HintName.Replace(".g.cs", ".g", StringComparison.Ordinal), Text: source.SourceText.ToString()));
#if USE_VERIFY
        var settings = new VerifyTests.VerifySettings();
        settings.UseDirectory("Snapshots");
        return Verifier.Verify(files.Select(file => new VerifyTests.Target("cs", file.Text, file.Hint)), settings, test);
#else
        var folder = Path.Combine(Typed.Tests.Repository.Root, "tests", "Pyvene.Typed.Generators.Tests", "Snapshots");
        var start = $"{Path.GetFileNameWithoutExtension(test)}.{method}";
        var made = files.ToDictionary(file => Path.Combine(folder, $"{start}#{file.Hint}"), file => file.Text, StringComparer.Ordinal);
        var accepted = Directory.GetFiles(folder, $"{start}#*.verified.cs").Select(path => path[..^".verified.cs".Length]);
        Assert.Empty(made.Keys.Union(accepted, StringComparer.Ordinal).Where(path => !IsAccepted(path, made.GetValueOrDefault(path))).Select(Path.GetFileName));
        return Task.CompletedTask;
#endif
    }

    private static bool IsAccepted(string path, string? text)
    {
        var (verified, received) = ($"{path}.verified.cs", $"{path}.received.cs");
        File.Delete(received);
        if (text is null) return false;
        if (File.Exists(verified) && File.ReadAllText(verified) == text) return true;
        File.WriteAllText(received, text);
        return false;
    }
}
