using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Is a descriptor's text, and the errors that were found in it so far.</summary>
/// <param name="path">The file's path.</param>
/// <param name="text">The text.</param>
internal sealed class DescriptorSource(string path, SourceText text)
{
    private readonly List<ParseDiagnostic> diagnostics = [];

    /// <summary>Gets the file's path.</summary>
    public string Path => path;

    /// <summary>Gets the errors, in the order of the file.</summary>
    public EquatableArray<ParseDiagnostic> Diagnostics
    {
        get
        {
            diagnostics.Sort(static (left, right) => left.Place.Span.CompareTo(right.Place.Span));
            return diagnostics.ToEquatableArray();
        }
    }

    /// <summary>Adds an error.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="span">Where it is.</param>
    /// <param name="arguments">The arguments of the message.</param>
    public void Report(string id, TextSpan span, params string[] arguments) => diagnostics.Add(new ParseDiagnostic(id, PlaceOf(span), arguments.ToEquatableArray()));

    /// <summary>Returns the place of some characters.</summary>
    /// <param name="span">The characters.</param>
    public TextPlace PlaceOf(TextSpan span) => new(path, span, text.Lines.GetLinePositionSpan(span));
}
