using System;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is what was read from a descriptor: a model unless it has errors, and the errors.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Model">The model, or <see langword="null"/> when the file has errors.</param>
/// <param name="TypePlace">Where the file names the type.</param>
/// <param name="KeyPlace">Where the file names the architecture.</param>
/// <param name="Diagnostics">The errors.</param>
internal sealed record ParsedDescriptor(string Path, ModelSpec? Model, TextPlace TypePlace, TextPlace KeyPlace, EquatableArray<ParseDiagnostic> Diagnostics)
{
    /// <summary>Returns what is known of a file that the generator failed on.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="exception">What it failed with.</param>
    public static ParsedDescriptor Failed(string path, Exception exception) => Failed(path, ParseDiagnostic.Failure(path, exception));

    /// <summary>Returns what is known of a file that could not be opened.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="failure">What is told of it.</param>
    public static ParsedDescriptor Failed(string path, ParseDiagnostic failure)
    {
        var start = TextPlace.StartOf(path);
        return new(path, null, start, start, new[] { failure }.ToEquatableArray());
    }
}
