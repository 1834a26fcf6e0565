using System;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is an error in a descriptor, as a value that can be compared.</summary>
/// <param name="Id">The rule's id.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Arguments">The arguments of the message.</param>
internal sealed record ParseDiagnostic(string Id, TextPlace Place, EquatableArray<string> Arguments)
{
    /// <summary>Returns what is said of a descriptor that the generator failed on.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="exception">What it failed with.</param>
    public static ParseDiagnostic Failure(string path, Exception exception) =>
        new(DescriptorRules.GeneratorFailed, TextPlace.StartOf(path), new[] { $"{exception.GetType().Name}, {exception.Message}" }.ToEquatableArray());

    /// <summary>Returns the error in words: where, and what.</summary>
    public override string ToString() => $"line {Place.Start.Line + 1}, column {Place.Start.Column + 1}: {DescriptorRules.Message(Id, Arguments)}";
}
