using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Conformance;

/// <summary>Runs recorded cases as the runner does.</summary>
internal static class RecordedCases
{
    /// <summary>The folder of recorded cases that the repository keeps.</summary>
    public static string Kept { get; } = Path.Combine(Repository.Root, "tests", "golden");

    /// <summary>The folder of all recorded cases, which may lie beside the checkout.</summary>
    public static string Shared { get; } = Path.Combine(Repository.Root, "..", "shared", "golden");

    /// <summary>Asserts that a folder has cases and that all of them pass.</summary>
    public static void Pass(string folder)
    {
        var results = ConformanceRun.Run(folder, CaseFilter.Everything).SelectMany(result => result.Cases).ToList();
        Assert.NotEmpty(results);
        Assert.Empty(results.Where(result => !result.Passed).Select(result => $"{result.Id}: {result.Message}"));
    }
}
