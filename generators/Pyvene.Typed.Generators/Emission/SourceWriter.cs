using System;
using System.Text;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes indented C#, with <c>\n</c> on every system, so that the same descriptor gives the same bytes everywhere.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int indentation;

    /// <summary>Writes an empty line between two members; before the first there is none.</summary>
    public void Line()
    {
        if (text.Length > 1 && text[text.Length - 2] != '{') text.Append('\n');
    }

    /// <summary>Writes a line, or several, at the present indentation.</summary>
    /// <param name="lines">The lines, without the last line end.</param>
    public void Line(string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            var content = line.TrimEnd('\r');
            if (content.Length > 0) text.Append(' ', indentation * 4).Append(content);
            text.Append('\n');
        }
    }

    /// <summary>Writes text as it stands, so that texts of several lines in it keep their value.</summary>
    /// <param name="code">The text, without the last line end.</param>
    public void Verbatim(string code) => text.Append(code).Append('\n');

    /// <summary>Opens a block; disposing the result closes it.</summary>
    /// <param name="head">What stands before the block, or empty.</param>
    /// <param name="end">What stands behind its closing brace.</param>
    public IDisposable Block(string head, string end = "")
    {
        if (head.Length > 0) Line(head);
        Line("{");
        indentation++;
        return new Closing(this, end);
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private sealed class Closing(SourceWriter writer, string end) : IDisposable
    {
        public void Dispose()
        {
            writer.indentation--;
            writer.Line("}" + end);
        }
    }
}
