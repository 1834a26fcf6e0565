namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a place in a descriptor. The compiler's own would hold more than a pipeline may compare.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Range">The characters.</param>
/// <param name="Start">Where they begin.</param>
/// <param name="End">Where they end.</param>
internal readonly record struct TextPlace(string Path, TextRange Range, TextPoint Start, TextPoint End)
{
    /// <summary>Returns the place of some characters.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="range">The characters.</param>
    public static TextPlace Of(string path, string text, TextRange range) =>
        new(path, range, TextPoint.Of(text, range.Start), TextPoint.Of(text, range.End));

    /// <summary>Returns the start of a file.</summary>
    /// <param name="path">The file's path.</param>
    public static TextPlace StartOf(string path) => new(path, default, default, default);
}
