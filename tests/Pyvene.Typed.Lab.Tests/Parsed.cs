using System.Xml.Linq;

namespace Pyvene.Typed.Lab.Tests;

/// <summary>What a picture says, read as a parser reads it.</summary>
internal static class Parsed
{
    /// <summary>Returns a page or a drawing, which must be well-formed.</summary>
    public static XElement Of(string markup) => XDocument.Parse(markup).Root!;

    /// <summary>Returns the elements of a name, of HTML or SVG.</summary>
    public static IEnumerable<XElement> Named(this XElement root, string name) => root.DescendantsAndSelf().Where(element => element.Name.LocalName == name);

    /// <summary>Returns the class of the colour of the part at a place, such as <c>0,3,4</c>.</summary>
    public static string ColourAt(this XElement root, string place) =>
        root.At(place).Elements().First(element => element.Name.LocalName == "rect").Attribute("class")!.Value;

    /// <summary>Returns what the part at a place says.</summary>
    public static string SaysAt(this XElement root, string place) => root.At(place).Named("title").Single().Value;

    /// <summary>Returns the texts of a drawing.</summary>
    public static IReadOnlyList<string> Texts(this XElement root) => [.. root.Named("text").Select(text => text.Value)];

    private static XElement At(this XElement root, string place) => root.Named("g").Single(part => part.Attribute("data-at")?.Value == place);
}
