using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Tests.Completion;

/// <summary>A program that references the library, open in an editor: asked through the services that editors ask. The caret stands at <c>$$</c>.</summary>
internal sealed class EditedProgram
{
    private const string Caret = "$$";

    private static readonly HashSet<string> MembersOfObject = [.. typeof(object).GetMethods().Select(method => method.Name)];

    // What can be a member; an editor also offers keywords and snippets.
    private static readonly ImmutableHashSet<string> Members =
        [
            WellKnownTags.Method, WellKnownTags.ExtensionMethod, WellKnownTags.Property, WellKnownTags.Field, WellKnownTags.Event, WellKnownTags.Constant,
            WellKnownTags.Class, WellKnownTags.Structure, WellKnownTags.Interface, WellKnownTags.Enum, WellKnownTags.EnumMember, WellKnownTags.Delegate,
            WellKnownTags.Operator,
        ];

    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(IsOfAProgram).Select(Reference)];

    private readonly Document document;
    private readonly int caret;

    private EditedProgram(Document document, int caret)
    {
        this.document = document;
        this.caret = caret;
    }

    /// <summary>Opens a program of top-level statements, a file-based app like the examples.</summary>
    public static EditedProgram Of(string source)
    {
        var caret = source.IndexOf(Caret, StringComparison.Ordinal);
        var project = new AdhocWorkspace(MefHostServices.DefaultHost).AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "program",
            "program",
            LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]),
            metadataReferences: References));
        var program = source.Remove(caret, Caret.Length);
        return new EditedProgram(WithComponents(project, program).AddDocument("Program.cs", program), caret);
    }

    /// <summary>Opens an example with the caret behind a text of it.</summary>
    public static EditedProgram Example(string name, string behind)
    {
        var source = File.ReadAllText(Path.Combine(Typed.Tests.Repository.Root, "examples", $"{name}.cs"));
        Assert.Contains(behind, source, StringComparison.Ordinal);
        return Of(source.Insert(source.IndexOf(behind, StringComparison.Ordinal) + behind.Length, Caret));
    }

    /// <summary>
    /// Returns what the editor lists at the caret, but for the members of every object and the extensions of namespaces that the program does not use.
    /// </summary>
    public async Task<IReadOnlyList<Suggestion>> Complete()
    {
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, caret);
        var suggestions = new List<Suggestion>();
        foreach (var item in list.ItemsList.Where(item =>
            item.Tags.Any(Members.Contains) && !MembersOfObject.Contains(item.DisplayText) && item.InlineDescription == ""))
        {
            suggestions.Add(new Suggestion(item.DisplayText, (await service.GetDescriptionAsync(document, item))!.Text));
        }

        return suggestions;
    }

    /// <summary>Returns what the editor shows for the name before the caret.</summary>
    public async Task<string> Hover()
    {
        var info = await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, caret - 1);
        return string.Join("\n", info!.Sections.Select(section => section.Text));
    }

    // What the generator makes of the program's own modules, as a document beside it.
    private static Project WithComponents(Project project, string program)
    {
        var compilation = CSharpCompilation.Create(
            "program",
            [CSharpSyntaxTree.ParseText(program, (CSharpParseOptions)project.ParseOptions!)],
            References,
            (CSharpCompilationOptions)project.CompilationOptions!);
        var made = CSharpGeneratorDriver.Create([new InterventionModelGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)project.ParseOptions!)
            .RunGenerators(compilation)
            .GetRunResult();
        return made.GeneratedTrees.Aggregate(project, (with, tree) => with.AddDocument(Path.GetFileName(tree.FilePath), tree.GetText()).Project);
    }

    private static bool IsOfAProgram(string path) =>
        Path.GetFileName(path) is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Pyvene.Typed.dll" or "TorchSharp.dll" or "Microsoft.ML.Tokenizers.dll");

    private static MetadataReference Reference(string path)
    {
        var documentation = Path.ChangeExtension(path, ".xml");
        return MetadataReference.CreateFromFile(
            path, documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
    }
}
