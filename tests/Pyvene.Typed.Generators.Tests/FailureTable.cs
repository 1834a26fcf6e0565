using System.Text;
using System.Text.RegularExpressions;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>
/// The README's table of failures, made from what is tested: programs in <c>Failures</c>, tests that carry a <c>[Trait("Failure", "SFnn at bind: …")]</c>, and
/// the list of those that have neither.
/// </summary>
internal static partial class FailureTable
{
    private static readonly string Root = Typed.Tests.Repository.Root;

    // Earliest first: a failure counts where it is caught first.
    private static readonly string[] Kinds = ["cannot be written", "does not compile", "reported while it is typed", "refused at bind", "caught at run time",
        "held by a law"];

    private const string NotTested = "not tested ([why](docs/decisions/skips.md))";

    /// <summary>Returns the table with its tally, as the README has it.</summary>
    public static string Make()
    {
        var catches = Programs().Concat(Tests()).ToLookup(found => found.Id);
        var words = Skipped().Where(skipped => !catches.Contains(skipped.Id)).Concat(catches.Select(found => (Id: found.Key, found.First().Failure)));
        var rows = words.OrderBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => (row.Id, row.Failure, How: How(catches[row.Id].Select(found => found.How))))
            .ToList();

        var tally = Kinds.Select(kind => (Kind: kind, Count: rows.Count(row => row.How.FirstOrDefault() == kind)))
            .Append((Kind: "not tested", Count: rows.Count(row => row.How.Count == 0)));
        var text = new StringBuilder(
            $"{rows.Count} failures, each counted where it is caught first: "
                + $"{string.Join(", ", tally.Where(kind => kind.Count > 0).Select(kind => $"{kind.Kind} {kind.Count}"))}.\n\n| | failure | here |\n| --- | --- "
                + "| --- |\n");
        foreach (var row in rows)
        {
            text.Append($"| {row.Id} | {row.Failure} | {(row.How.Count == 0 ? NotTested : string.Join("; ", row.How))} |\n");
        }

        return text.ToString();
    }

    private static List<string> How(IEnumerable<string> found) => [.. Kinds.Where(found.ToHashSet(StringComparer.Ordinal).Contains)];

    // "// SF01: a misspelt hook is ignored. …", "// Here: cannot be written" where the program is only an attempt, "// Caught by: CS1061".
    private static IEnumerable<(string Id, string Failure, string How)> Programs() =>
        from path in Directory.GetFiles(Path.Combine(Root, "tests", "Pyvene.Typed.Generators.Tests", "Failures"), "SF*.cs")
        let text = File.ReadAllText(path)
        let head = Head().Match(text)
        select (head.Groups["id"].Value, head.Groups["failure"].Value, text.Contains("\n// Here: cannot be written\n", StringComparison.Ordinal) ? Kinds[0]
            : text.Contains("\n// Caught by: CS", StringComparison.Ordinal) ? Kinds[1] : Kinds[2]);

    private static IEnumerable<(string Id, string Failure, string How)> Tests() =>
        from path in Directory.GetFiles(Path.Combine(Root, "tests", "Pyvene.Typed.Tests"), "*Tests.cs", SearchOption.AllDirectories)
        from Match trait in Trait().Matches(File.ReadAllText(path))
        select (trait.Groups["id"].Value, trait.Groups["failure"].Value, Kinds.Single(kind =>
            kind.EndsWith(trait.Groups["how"].Value, StringComparison.Ordinal)));

    private static IEnumerable<(string Id, string Failure)> Skipped() =>
        from Match row in Row().Matches(File.ReadAllText(Path.Combine(Root, "docs", "decisions", "skips.md")))
        select (row.Groups["id"].Value, row.Groups["failure"].Value);

    [GeneratedRegex(@"\A// (?<id>SF\d\d): (?<failure>.+?)\.(?: |$)", RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex("""\[Trait\("Failure", "(?<id>SF\d\d) (?<how>at bind|at run time|by a law): (?<failure>[^"]+)"\)\]""")]
    private static partial Regex Trait();

    [GeneratedRegex(@"^\| (?<id>SF\d\d) \| (?<failure>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
