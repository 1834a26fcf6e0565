using System.Text;

namespace Pyvene.Typed.Lab;

/// <summary>Is the numbers of a picture, for screen readers and for copying.</summary>
/// <param name="Caption">What they are.</param>
/// <param name="Header">The names of the columns, the first one that of the rows.</param>
/// <param name="Rows">The rows, each as long as the header.</param>
internal sealed record DataTable(string Caption, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Returns it as text of a fixed width, a line a row, without its caption.</summary>
    /// <param name="words">The columns that hold words and stand at the left; numbers stand at the right.</param>
    public string ToText(params IReadOnlyList<int> words)
    {
        var text = new StringBuilder();
        var widths = Header.Select((name, column) => Rows.Max(row => Math.Max(VisibleText.Width(row[column]), name.Length))).ToArray();
        foreach (var row in Rows.Prepend(Header))
        {
            var cells = row.Select((cell, column) => new string(' ', widths[column] - VisibleText.Width(cell)) is var space && words.Contains(column)
                ? cell + space
                : space + cell);
            text.Append(string.Join("  ", cells).TrimEnd(' ')).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes it as a table of HTML.</summary>
    public void WriteTo(Markup page)
    {
        page.Open("div", ("class", "scroll"), ("tabindex", "0")).Open("table").Element("caption", Caption).Open("thead").Open("tr");
        foreach (var name in Header) page.Element("th", name, ("scope", "col"));
        page.Close().Close().Open("tbody");
        foreach (var row in Rows)
        {
            page.Open("tr").Element("th", row[0], ("scope", "row"));
            foreach (var cell in row.Skip(1)) page.Element("td", cell);
            page.Close();
        }

        page.Close().Close().Close();
    }
}
