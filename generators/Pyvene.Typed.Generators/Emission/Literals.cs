using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes values as C#.</summary>
internal static class Literals
{
    /// <summary>Returns a text as a literal.</summary>
    /// <param name="text">The text.</param>
    public static string Of(string? text) => text is null ? "null" : SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>Returns a number as a literal.</summary>
    /// <param name="number">The number.</param>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns texts as a collection expression.</summary>
    /// <param name="texts">The texts.</param>
    public static string Of(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Of))}]";
}
