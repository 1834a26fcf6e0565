using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Conformance;

/// <summary>Runs the golden data through the runner's own library, one test a folder of cases.</summary>
public sealed class ConformanceTests
{
    private const string None = "(none)";

    /// <summary>Refused too late, or not at all: ids and labels are checked by the model, when a source may have run; weights are not shared by links yet.</summary>
    private static readonly string[] KnownGaps = ["sources/token-out-of-vocabulary", "call/labels-shape", "link/different-widths"];

    public static TheoryData<string> RepositoryFolders => [.. GoldenRoots.Leaves(GoldenRoots.Own)];

    /// <summary>The folders of the whole collection; one placeholder where it does not lie beside the checkout.</summary>
    public static TheoryData<string> SharedFolders => [.. GoldenRoots.Leaves(GoldenRoots.Shared).DefaultIfEmpty(None)];

    [Theory]
    [MemberData(nameof(RepositoryFolders))]
    public void EveryCaseOfTheRepositoryPasses(string folder)
    {
        var cases = Run(Path.Combine(GoldenRoots.Own, folder));

        Assert.NotEmpty(cases);
        AssertNone(cases.Where(result => !result.Passed));
    }

    [Theory]
    [MemberData(nameof(SharedFolders))]
    public void EverySupportedCaseOfTheCollectionPasses(string folder)
    {
        if (folder == None) return;

        AssertNone(Run(Path.Combine(GoldenRoots.Shared, folder)).Where(result => result is { Passed: false, Supported: true } && !KnownGaps.Contains(result.Id)));
    }

    private static List<CaseResult> Run(string folder) => [.. ConformanceRun.Run(folder, CaseFilter.Everything).SelectMany(result => result.Cases)];

    private static void AssertNone(IEnumerable<CaseResult> failures)
    {
        var lines = failures.Select(failure => $"{failure.Id} (largest difference {failure.Largest:G3}): {failure.Message}").ToList();
        Assert.True(lines.Count == 0, $"{lines.Count} failed:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }
}
