using System.CodeDom.Compiler;
using PublicApiGenerator;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Tests.House;

/// <summary>What users can call is written down, so that no change of it goes unseen.</summary>
public sealed class PublicApiTests
{
    private static readonly SourceFolders Folders = new();

    /// <summary>The surface but for the architectures, whose code is generated and has snapshots of its own.</summary>
    [Fact]
    public void TheSurfaceIsTheOneThatIsWrittenDown()
    {
        var assembly = typeof(Intervention).Assembly;
        var options = new ApiGeneratorOptions
        {
            IncludeTypes = [.. assembly.GetExportedTypes().Where(type => Folders.Of(type.FullName!) is not null)],
            IncludeAssemblyAttributes = false,
            ExcludeAttributes = [typeof(GeneratedCodeAttribute).FullName!],
        };
        var folder = Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Tests", "House");
        var (kept, received) = (Path.Combine(folder, "PublicApi.txt"), Path.Combine(folder, "PublicApi.received.txt"));
        var text = assembly.GeneratePublicApi(options).ReplaceLineEndings("\n");
        var isSame = File.Exists(kept) && File.ReadAllText(kept).ReplaceLineEndings("\n") == text;
        if (!isSame)
        {
            File.WriteAllText(received, text);
        }

        Assert.True(
            isSame,
            $"The public surface changed. Compare {Path.GetFileName(received)} with {Path.GetFileName(kept)}; "
                + "where the change is meant, replace the second by the first, and say it in CHANGELOG.md.");
        File.Delete(received);
    }
}
