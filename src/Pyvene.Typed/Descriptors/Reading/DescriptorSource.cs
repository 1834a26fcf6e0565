using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a descriptor's text, and the errors that were found in it so far.</summary>
/// <param name="path">The file's path.</param>
/// <param name="text">The text.</param>
internal sealed class DescriptorSource(string path, string text)
{
    private const int MostErrors = 100;
    private const int LongestArgument = 1000;

    private readonly List<ParseDiagnostic> diagnostics = [];

    /// <summary>Gets whether there are so many errors that no other is kept.</summary>
    public bool IsFull => diagnostics.Count > MostErrors;

    /// <summary>Gets the file's path.</summary>
    public string Path => path;

    /// <summary>Gets the errors, in the order of the file.</summary>
    public EquatableArray<ParseDiagnostic> Diagnostics
    {
        get
        {
            diagnostics.Sort(static (left, right) => left.Place.Range.CompareTo(right.Place.Range));
            return diagnostics.ToEquatableArray();
        }
    }

    /// <summary>Adds an error.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="span">Where it is.</param>
    /// <param name="arguments">The arguments of the message.</param>
    public void Report(string id, TextRange span, params string[] arguments)
    {
        if (IsFull) return;
        diagnostics.Add(diagnostics.Count < MostErrors
            ? new ParseDiagnostic(id, PlaceOf(span), arguments.Select(Shorten).ToEquatableArray())
            : new ParseDiagnostic(
                DescriptorRules.TooLarge, PlaceOf(span), new[] { $"more than {MostErrors} errors", "mend the ones before this first" }.ToEquatableArray()));
    }

    /// <summary>Returns the place of some characters.</summary>
    /// <param name="span">The characters.</param>
    public TextPlace PlaceOf(TextRange span) => TextPlace.Of(path, text, span);

    private static string Shorten(string argument) =>
        argument.Length <= LongestArgument ? argument : $"{argument.Substring(0, LongestArgument / 10)}… ({argument.Length} characters)";
}
