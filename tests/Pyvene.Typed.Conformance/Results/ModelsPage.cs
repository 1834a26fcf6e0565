using System.Text;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Results;

/// <summary>Writes <c>docs/models.md</c> from the results of a run and from the descriptions of the architectures.</summary>
internal static class ModelsPage
{
    /// <summary>Returns the page.</summary>
    public static string Write(ConformanceResults results)
    {
        var page = new StringBuilder();
        page.Append($"""
            # Models

            <!-- Made by `dotnet run --project tests/Pyvene.Typed.Conformance -- models-page docs/conformance.json`; a test compares. Not by hand. -->

            What runs, and what was compared with PyTorch and transformers. The numbers are cases that passed in the [run](conformance.json) over
            `{results.Folders}` on `{results.Device}`; "3 of 5" tells that two did not pass, "no case" that nothing was recorded to compare with.
            How to get a model: [real models](real-models.md).


            """);
        var known = Known().ToList();
        page.Append(ArchitectureRow.Head).Append('\n');
        foreach (var (name, descriptor) in known.Where(item => item.Descriptor.Classes.Keys.Any(ModelLoader.ClassNames.Contains)))
            page.Append(ArchitectureRow.Write(name, descriptor, results)).Append('\n');
        page.Append("""

            - **components**: the typed places of the architecture; a layer's count once.
            - **values inside**: what modules computed in a run, place by place; **gradients** are those of parameters; **intervened** are
               runs, saved experiments and trainings with interventions.
            - **tokenizer**: the class that transformers reads its files with, which is followed where there is no `tokenizer.json`; see the
              table of tokenizers.
            - **GGUF**: whether llama.cpp's files of it are read, and cases of such files that passed.
            - **a sweep shares**: "blocks" = a run starts from the clean one at the first block that it changes, "positions" = and at the first position,
              "batches" = runs share a batch only.
            - **dtypes**: of the weights in those cases; any floating-point type may be asked for.


            """.TrimEnd(' '));
        if (!results.Device.StartsWith("cuda", StringComparison.Ordinal))
            page.Append($"CUDA was not run: all of this is of `{results.Device}`. What was once run there says [conformance](conformance.md#on-cuda).\n\n");
        AddOthers(page, results, [.. known.SelectMany(item => item.Descriptor.Classes.Keys)]);
        AddTokenizers(page, results);
        AddGroups(page, results);
        return page.ToString();
    }

    /// <summary>The architectures that the library itself describes, by the name of their type.</summary>
    private static IEnumerable<(string Name, ArchitectureDescriptor Descriptor)> Known() => typeof(ArchitectureDescriptor).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IArchitecture)))
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (type.Name, (ArchitectureDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!));

    private static void AddOthers(StringBuilder page, ConformanceResults results, HashSet<string> described)
    {
        var others = results.Rows.Where(row => row is { Group: "models", Of: not "" } && !described.Contains(row.Of)).GroupBy(row => row.Of)
            .OrderBy(rows => rows.Key, StringComparer.Ordinal).Select(rows => $"{rows.Key} ({ArchitectureRow.Count(rows)})").ToList();
        if (others.Count > 0) page.Append($"Recorded, and without a description here, with the cases that passed: {string.Join(", ", others)}.\n\n");
    }

    private static void AddTokenizers(StringBuilder page, ConformanceResults results)
    {
        page.Append("## Tokenizers\n\n| kind | tokenizers | cases |\n| --- | --- | --- |\n");
        foreach (var rows in results.Rows.Where(row => row.Group == "tokenizers").GroupBy(row => row.Of).OrderBy(rows => rows.Key, StringComparer.Ordinal))
        {
            var folders = string.Join(", ", rows.Select(row => row.Folder["tokenizers/".Length..]).Distinct());
            page.Append($"| {(rows.Key is "" ? "parts and chat templates" : rows.Key)} | {folders} | {ArchitectureRow.Count(rows)} |\n");
        }

        page.Append('\n');
    }

    private static void AddGroups(StringBuilder page, ConformanceResults results)
    {
        page.Append("## All groups\n\n| group | passed | failed | not supported |\n| --- | --- | --- | --- |\n");
        foreach (var rows in results.Rows.GroupBy(row => row.Group).OrderBy(rows => rows.Key, StringComparer.Ordinal))
            page.Append($"| {rows.Key} | {rows.Sum(row => row.Passed)} | {rows.Sum(row => row.Failed)} | {rows.Sum(row => row.Unsupported)} |\n");
        var missing = GoldenFolder.GroupNames.Except(results.Rows.Select(row => row.Group)).ToList();
        if (missing.Count > 0) page.Append($"\nNot run: {string.Join(", ", missing)}.\n");
    }
}
