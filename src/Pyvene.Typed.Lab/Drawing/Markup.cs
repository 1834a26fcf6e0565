using System.Globalization;
using System.Text;
using System.Xml;

namespace Pyvene.Typed.Lab;

/// <summary>Writes elements of HTML and SVG that are well-formed XML too. Every text and every value of an attribute is escaped.</summary>
internal sealed class Markup
{
    private readonly StringBuilder text = new();
    private readonly Stack<string> open = new();

    /// <summary>Begins an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes: texts and numbers; one that is null is left out.</param>
    public Markup Open(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Start(name, attributes).Append('>');
        open.Push(name);
        return this;
    }

    /// <summary>Ends the element that was begun last.</summary>
    public Markup Close()
    {
        text.Append("</").Append(open.Pop()).Append('>');
        return this;
    }

    /// <summary>Writes an element without contents, which HTML knows to have none: a shape of SVG, or <c>meta</c>.</summary>
    public Markup Leaf(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Start(name, attributes).Append("/>");
        return this;
    }

    /// <summary>Writes an element with a text.</summary>
    public Markup Element(string name, string content, params ReadOnlySpan<(string Name, object? Value)> attributes) =>
        Open(name, attributes).Text(content).Close();

    /// <summary>Writes a text.</summary>
    public Markup Text(string content)
    {
        Escape(content);
        return this;
    }

    /// <summary>Writes the elements of another.</summary>
    public Markup Add(Markup other)
    {
        text.Append(other.ToString());
        return this;
    }

    /// <summary>Returns what was written.</summary>
    public override string ToString() => open.Count == 0 ? text.ToString() : throw new InvalidOperationException($"<{open.Peek()}> was not closed.");

    private StringBuilder Start(string name, ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is null) continue;
            text.Append(' ').Append(attribute).Append("=\"");
            Escape(value is double number
                ? Math.Round(number, 2).ToString(CultureInfo.InvariantCulture)
                : Convert.ToString(value, CultureInfo.InvariantCulture)!);
            text.Append('"');
        }

        return text;
    }

    private void Escape(string content)
    {
        for (var at = 0; at < content.Length; at++)
        {
            var letter = content[at];
            switch (letter)
            {
                case '<': text.Append("&lt;"); break;
                case '>': text.Append("&gt;"); break;
                case '&': text.Append("&amp;"); break;
                case '"': text.Append("&quot;"); break;
                case '\'': text.Append("&#39;"); break;
                case var high when at + 1 < content.Length && char.IsSurrogatePair(high, content[at + 1]):
                    text.Append(high).Append(content[++at]);
                    break;
                default: text.Append(XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'); break; // half a pair, or what no page may hold
            }
        }
    }
}
