using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests.Analysis;

/// <summary>Says in one line what the rules must find in a program.</summary>
internal static class Rule
{
    /// <summary>Asserts that one rule finds the marked place, and that all else is right but for the compiler's errors that are named.</summary>
    /// <returns>The message.</returns>
    public static async Task<string> Finds(string id, string source, params string[] compilerErrors)
    {
        var program = AnalyzedProgram.Of(source);
        var found = await program.Diagnose();
        Assert.Equal([id, .. compilerErrors], found.Select(diagnostic => diagnostic.Id).OrderBy(other => other != id));
        var diagnostic = found.Single(diagnostic => diagnostic.Id == id);
        Assert.Equal(program.Expected, diagnostic.Location.SourceSpan);
        return diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Asserts that one rule finds the marked place of a descriptor, and that all else is right.</summary>
    /// <returns>The message.</returns>
    public static async Task<string> Finds(string id, string source, DescriptorFile descriptor)
    {
        var start = descriptor.Content.IndexOf("[|", StringComparison.Ordinal);
        var end = descriptor.Content.IndexOf("|]", StringComparison.Ordinal);
        var diagnostic = Assert.Single(
            await AnalyzedProgram.Of(source, new DescriptorFile(descriptor.Path, descriptor.Content.Remove(end, 2).Remove(start, 2))).Diagnose());
        Assert.Equal(
            (id, descriptor.Path, start, end - 2),
            (diagnostic.Id, diagnostic.Location.GetLineSpan().Path, diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.End));
        return diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Asserts that a program compiles with a descriptor and no rule finds anything in either.</summary>
    public static async Task FindsNothing(string source, DescriptorFile descriptor) =>
        Assert.Empty((await AnalyzedProgram.Of(source, descriptor).Diagnose()).Select(diagnostic => diagnostic.ToString()));

    /// <summary>Asserts that a program compiles and no rule finds anything in it.</summary>
    public static async Task FindsNothing(string source) =>
        Assert.Empty((await AnalyzedProgram.Of(source).Diagnose()).Select(diagnostic => diagnostic.ToString()));

    /// <summary>Asserts that a program compiles with its own usings and descriptors, and no rule finds anything in it.</summary>
    public static async Task FindsNothingAsItStands(string source, params DescriptorFile[] descriptors) =>
        Assert.Empty((await AnalyzedProgram.AsItStands(source, descriptors).Diagnose()).Select(diagnostic => diagnostic.ToString()));

    /// <summary>Asserts what the only fix of a rule makes of a program, and that the rules find nothing in that.</summary>
    public static async Task Fixes(string id, string source, string expected)
    {
        Assert.Equal(expected.ReplaceLineEndings("\n"), await AnalyzedProgram.Of(source).Fix(id));
        await FindsNothing(expected);
    }

    /// <summary>Asserts that a rule finds something that only the author can put right.</summary>
    public static async Task OffersNoFix(string id, string source) => Assert.Null(await AnalyzedProgram.Of(source).Fix(id));
}
