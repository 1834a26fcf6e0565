namespace Pyvene.Typed.Conformance;

/// <summary>What came of one golden case.</summary>
/// <param name="Id">The case's own id, or the path of the file or folder that could not be read.</param>
/// <param name="Passed">Whether everything that the case expects was met.</param>
/// <param name="Largest">The largest absolute difference of any value, infinite where a NaN or an infinity is not matched.</param>
/// <param name="Message">What differed and where; null when the case passed.</param>
/// <param name="Supported">False where the library has no way to run the case yet: it then counts as failed, unless such cases are left out.</param>
internal sealed record CaseResult(string Id, bool Passed, double Largest, string? Message, bool Supported = true)
{
    /// <summary>The name of the file that holds the case; empty where it is not one of several in a file.</summary>
    public string File { get; init; } = "";

    /// <summary>The model class that the case names, or null.</summary>
    public string? Class { get; init; }

    /// <summary>The name of the checkpoint that the case runs on, where it is not its folder's own, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The dtype that the case's weights are read as, where it says one.</summary>
    public string? Dtype { get; init; }

    /// <summary>A case (or a file, or a folder) that failed before any value could be compared.</summary>
    public static CaseResult Failed(string id, string message) => new(id, false, 0, message);

    /// <summary>A case that the library has no way to run yet.</summary>
    public static CaseResult Unsupported(string id, string message) => new(id, false, 0, message, Supported: false);
}
