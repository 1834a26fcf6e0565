using System.Globalization;

namespace Pyvene.Typed.Conformance;

/// <summary>Prints the results: one line a folder, each failure below it, the sum as the last line.</summary>
/// <param name="output">Where it is printed.</param>
/// <param name="supportedOnly">Whether cases that the library cannot run yet are left out; they count as failed otherwise.</param>
internal sealed class ConsoleReport(TextWriter output, bool supportedOnly)
{
    private int _passed;
    private int _failed;
    private int _leftOut;

    /// <summary>Whether anything failed so far.</summary>
    public bool AnyFailed => _failed > 0;

    /// <summary>Prints the result of a folder.</summary>
    public void Add(FolderResult folder)
    {
        var failures = folder.Cases.Where(result => !result.Passed && !IsLeftOut(result)).ToList();
        var leftOut = folder.Cases.Count(IsLeftOut);
        var passed = folder.Passed;
        output.WriteLine($"{folder.Folder}: {passed} passed, {failures.Count} failed{(leftOut > 0 ? $", {leftOut} not supported" : "")}");
        foreach (var failure in failures) output.WriteLine($"  FAILED {failure.Id} (largest difference {Number(failure.Largest)}): {failure.Message}");
        _passed += passed;
        _failed += failures.Count;
        _leftOut += leftOut;
    }

    /// <summary>Prints the sum.</summary>
    public void Finish()
    {
        if (supportedOnly) output.WriteLine($"{_leftOut} left out: not supported yet");
        output.WriteLine($"{_passed} passed, {_failed} failed");
    }

    private bool IsLeftOut(CaseResult result) => supportedOnly && !result.Supported;

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
