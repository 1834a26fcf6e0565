using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>Says what is wrong with a descriptor as the compiler says it.</summary>
internal static class ParseDiagnostics
{
    /// <summary>Returns an error as the compiler reports it.</summary>
    /// <param name="error">The error.</param>
    public static Diagnostic ToDiagnostic(this ParseDiagnostic error) =>
        Diagnostic.Create(DiagnosticDescriptors.ById(error.Id), error.Place.ToLocation(), error.Arguments.ToArray<object>());

    /// <summary>Returns a place as the compiler reports it.</summary>
    /// <param name="place">The place.</param>
    public static Location ToLocation(this TextPlace place) => Location.Create(
        place.Path,
        new TextSpan(place.Range.Start, place.Range.Length),
        new LinePositionSpan(new(place.Start.Line, place.Start.Column), new(place.End.Line, place.End.Column)));
}
