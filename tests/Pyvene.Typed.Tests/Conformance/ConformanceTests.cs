using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Conformance;

/// <summary>Runs the golden data through the runner's own library, one test a folder of cases.</summary>
public sealed class ConformanceTests
{
    private const string None = "(none)";

    public static TheoryData<string> RepositoryFolders => [.. GoldenRoots.Leaves(GoldenRoots.Own)];

    /// <summary>The folders of the whole collection; one placeholder where it does not lie beside the checkout.</summary>
    public static TheoryData<string> SharedFolders => [.. GoldenRoots.Leaves(GoldenRoots.Shared).DefaultIfEmpty(None)];

    [Theory]
    [MemberData(nameof(RepositoryFolders))]
    [Trait("Failure", "SF34 by a law: a back end gives wrong numbers without a word")]
    public void EverySupportedCaseOfTheRepositoryPasses(string folder) => AssertPasses(Path.Combine(GoldenRoots.Own, folder), leastPassed: 1);

    [Theory]
    [MemberData(nameof(SharedFolders))]
    public void EverySupportedCaseOfTheCollectionPasses(string folder)
    {
        if (folder != None) AssertPasses(Path.Combine(GoldenRoots.Shared, folder), leastPassed: 0);
    }

    private static void AssertPasses(string folder, int leastPassed)
    {
        var cases = ConformanceRun.Run(folder, CaseFilter.Everything).SelectMany(result => result.Cases).ToList();
        var failures = cases.Where(result => result is { Passed: false, Supported: true })
            .Select(failure => $"{failure.Id} (largest difference {failure.Largest:G3}): {failure.Message}").ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} failed:{Environment.NewLine}{string.Join(Environment.NewLine, failures)}");
        Assert.True(cases.Count(result => result.Passed) >= leastPassed, "no case of this folder is supported");
    }
}
