using Pyvene.Typed.Checkpoints.Gguf;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Tokenization.Reading;

namespace Pyvene.Typed.Conformance.Results;

/// <summary>Joins the description of an architecture with the results of its cases, as a line of the page.</summary>
internal static class ArchitectureRow
{
    /// <summary>The head of the table.</summary>
    public const string Head = """
        | architecture | classes | components | forward | values inside | gradients | intervened | generation | tokenizer | GGUF | a sweep shares | dtypes |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;

    /// <summary>Returns the line.</summary>
    /// <param name="name">The name of the architecture's type.</param>
    /// <param name="descriptor">Its description.</param>
    /// <param name="results">The results.</param>
    public static string Write(string name, ArchitectureDescriptor descriptor, ConformanceResults results)
    {
        var rows = results.Rows.Where(row => descriptor.Classes.ContainsKey(row.Of)).ToList();
        var models = rows.Where(row => row.Group == "models").ToList();
        string[] cells =
        [
            $"`{name}` ({descriptor.Key})",
            string.Join(", ", descriptor.Classes.Keys),
            $"{descriptor.Components.Count}",
            Count(models.Where(row => row.File == "forward.jsonl")),
            Count(models.Where(row => row.File == "taps.jsonl")),
            Count(models.Where(row => row.File == "grads.jsonl")),
            Count(rows.Where(row => row.Group is "interventions" or "saved" or "training"
                || row is { Group: "real", File: not "generate.jsonl" and not "forward.jsonl" })),
            Count(rows.Where(row => row.File == "generate.jsonl" || row.Group == "generation")),
            TokenizerClasses.OfModel(descriptor.Key) ?? (models.Any(row => row.File == "generate.jsonl") ? "`tokenizer.json`" : "–"),
            GgufArchitecture.All.Any(known => descriptor.Classes.ContainsKey(known.ClassName))
                ? "yes: " + Count(rows.Where(row => row.Group is "gguf-models" || row is { Group: "real", File: "forward.jsonl" }))
                : "no",
            Shares(descriptor, results),
            string.Join(", ", models.Where(row => row.Passed > 0).Select(row => row.Dtype).Distinct().Order(StringComparer.Ordinal)),
        ];
        return $"| {string.Join(" | ", cells.Select(cell => cell is "" ? "–" : cell))} |";
    }

    /// <summary>Says how many cases passed, and of how many where it was not all.</summary>
    public static string Count(IEnumerable<ResultsRow> rows)
    {
        var all = rows.ToList();
        var (passed, total) = (all.Sum(row => row.Passed), all.Sum(row => row.Passed + row.Failed + row.Unsupported));
        return total == 0 ? "no case" : passed == total ? $"{passed}" : $"{passed} of {total}";
    }

    private static string Shares(ArchitectureDescriptor descriptor, ConformanceResults results)
    {
        var shared = descriptor.Classes.Keys.Where(results.Sharing.ContainsKey).Select(name => results.Sharing[name]).Distinct().ToList();
        return shared is [var one] ? Words(one) : string.Join("; ", shared.Select(Words).Distinct());
    }

    private static string Words(WorkSharing sharing) => sharing switch
    {
        _ when sharing.HasFlag(WorkSharing.Positions) => "blocks, positions",
        _ when sharing.HasFlag(WorkSharing.Blocks) => "blocks",
        _ when sharing.HasFlag(WorkSharing.Batches) => "batches",
        _ => "nothing",
    };
}
