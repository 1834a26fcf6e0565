namespace Pyvene.Typed.Lab;

/// <summary>Is the numbers of a picture, for screen readers and for copying.</summary>
/// <param name="Caption">What they are.</param>
/// <param name="Header">The names of the columns, the first one that of the rows.</param>
/// <param name="Rows">The rows, each as long as the header.</param>
internal sealed record DataTable(string Caption, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
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
