using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Tests.Analysis;

/// <summary>Compiles a program in memory against the library, with its generators and all of its rules.</summary>
/// <remarks>A program may mark the place of the one diagnostic that it expects: <c>[|…|]</c>.</remarks>
internal sealed class AnalyzedProgram
{
    private const string Usings =
        """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using Pyvene.Typed;
        using Pyvene.Typed.Causal;
        using Pyvene.Typed.Configuration;
        using Pyvene.Typed.Engine;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        """;

    // Those of the SDK.
    private const string ImplicitUsings =
        """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Threading;
        using System.Threading.Tasks;
        """;

    // Programs declare functions for their parameters alone.
    private const string UnusedLocalFunction = "CS8321";

    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Pyvene.Typed.dll" or "TorchSharp.dll" or "Microsoft.ML.Tokenizers.dll"))
            .Select(path => MetadataReference.CreateFromFile(path))];

    // The pictures, which only whole programs draw.
    private static readonly ImmutableArray<MetadataReference> ReferencesOfWhole =
        [.. References, MetadataReference.CreateFromFile(typeof(Lab.Picture).Assembly.Location)];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules = InstancesOf<DiagnosticAnalyzer>(typeof(ModelGenerator));

    private static readonly ImmutableArray<CodeFixProvider> Fixes = InstancesOf<CodeFixProvider>(typeof(CodeFixes.MemberNameCodeFix));

    private readonly Document document;

    private readonly DescriptorFile[] descriptors;

    private AnalyzedProgram(Document document, DescriptorFile[] descriptors, TextSpan? expected)
    {
        this.document = document;
        this.descriptors = descriptors;
        Expected = expected;
    }

    /// <summary>Gets the place that the program marks.</summary>
    public TextSpan? Expected { get; }

    /// <summary>Returns a program of top-level statements, or of types, with descriptors of its own.</summary>
    public static AnalyzedProgram Of(string source, params DescriptorFile[] descriptors) => Of(Usings, source, descriptors, References);

    /// <summary>Returns a program that names every namespace that it needs, but those that the SDK always adds.</summary>
    public static AnalyzedProgram AsItStands(string source, params DescriptorFile[] descriptors) =>
        Of(ImplicitUsings, source, descriptors, ReferencesOfWhole);

    private static AnalyzedProgram Of(string usings, string source, DescriptorFile[] descriptors, ImmutableArray<MetadataReference> references)
    {
        var text = $"{usings}\n\n{source}".ReplaceLineEndings("\n");
        var start = text.IndexOf("[|", StringComparison.Ordinal);
        var end = text.IndexOf("|]", StringComparison.Ordinal);
        TextSpan? expected = start < 0 ? null : TextSpan.FromBounds(start, end - 2);
        text = start < 0 ? text : text.Remove(end, 2).Remove(start, 2);

        var kind = CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot().Members.Any(SyntaxKind.GlobalStatement)
            ? OutputKind.ConsoleApplication
            : OutputKind.DynamicallyLinkedLibrary;
        var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "program",
            "program",
            LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(
                kind,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]), // as the SDK does
            parseOptions: new CSharpParseOptions(LanguageVersion.Preview),
            metadataReferences: references));
        return new AnalyzedProgram(project.AddDocument("Program.cs", text), descriptors, expected);
    }

    /// <summary>Returns what the compiler and the rules say, in order, without hidden remarks.</summary>
    public async Task<ImmutableArray<Diagnostic>> Diagnose()
    {
        var compilation = await document.Project.GetCompilationAsync();
        var driver = CSharpGeneratorDriver.Create(
            [new ModelGenerator().AsSourceGenerator(), new InterventionModelGenerator().AsSourceGenerator(), new CausalModelGenerator().AsSourceGenerator()],
            descriptors,
            parseOptions: (CSharpParseOptions)document.Project.ParseOptions!);
        driver.RunGeneratorsAndUpdateCompilation(compilation!, out var complete, out _);
        var analyzed = await complete.WithAnalyzers(Rules, new AnalyzerOptions([.. descriptors])).GetAllDiagnosticsAsync();
        return [.. analyzed.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != UnusedLocalFunction)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>
    /// Returns the program, without its usings, after the only fix of its only diagnostic of a rule; <see langword="null"/> when no fix is offered.
    /// </summary>
    public async Task<string?> Fix(string id)
    {
        var diagnostic = (await Diagnose()).Single(diagnostic => diagnostic.Id == id);
        var actions = new List<CodeAction>();
        foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        }

        if (actions.Count == 0)
        {
            return null;
        }

        var operations = await Assert.Single(actions).GetOperationsAsync(CancellationToken.None);
        var changed = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution.GetDocument(document.Id)!;
        return (await changed.GetTextAsync()).ToString()[(Usings.Length + 2)..];
    }

    private static ImmutableArray<T> InstancesOf<T>(Type assemblyOf) =>
        [.. assemblyOf.Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract).Select(type => (T)Activator.CreateInstance(type)!)];
}
