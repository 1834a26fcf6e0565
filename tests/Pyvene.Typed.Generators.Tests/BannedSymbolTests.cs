using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>What the library never calls is a list of names; one that is misspelt, or that another version calls otherwise, bans nothing.</summary>
public sealed class BannedSymbolTests
{
    private static readonly Compilation Everything = CSharpCompilation.Create(
        "all",
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)));

    public static TheoryData<string> Lines =>
        [.. File.ReadAllLines(Path.Combine(Typed.Tests.Repository.Root, "src", "Pyvene.Typed", "BannedSymbols.txt")).Where(line => line.Length > 0)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void EveryBannedNameIsThatOfSomethingAndSaysWhy(string line)
    {
        var parts = line.Split(';', 2);
        Assert.Equal(2, parts.Length);
        Assert.NotEmpty(parts[1]);
        Assert.NotNull(DocumentationCommentId.GetFirstSymbolForDeclarationId(parts[0], Everything));
    }

    [Fact]
    public void NameThatIsMisspeltIsNone() =>
        Assert.Null(DocumentationCommentId.GetFirstSymbolForDeclarationId("M:System.IO.File.ReadAllTexts(System.String)", Everything));
}
