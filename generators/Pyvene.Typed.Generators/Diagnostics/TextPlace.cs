using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>Is a place in a descriptor. A <see cref="Location"/> would hold more than a pipeline may compare.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Span">The characters.</param>
/// <param name="Lines">The lines and columns, from 0.</param>
internal readonly record struct TextPlace(string Path, TextSpan Span, LinePositionSpan Lines)
{
    /// <summary>Returns the start of a file.</summary>
    /// <param name="path">The file's path.</param>
    public static TextPlace StartOf(string path) => new(path, default, default);

    /// <summary>Returns the place as the compiler reports it.</summary>
    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
