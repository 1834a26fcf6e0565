using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>Programs that reference the library, compiled in process.</summary>
internal static class Programs
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>A library of these sources, which must document what it shows, as ours must.</summary>
    public static CSharpCompilation Library(params IEnumerable<string> sources) => CSharpCompilation.Create(
        "Sample",
        sources.Select(Parse),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Parsing);

    public static GeneratorDriver Driver(string rootNamespace, params IEnumerable<DescriptorFile> descriptors) => CSharpGeneratorDriver.Create(
        [new ModelGenerator().AsSourceGenerator()],
        descriptors,
        Parsing,
        new ProjectOptions(rootNamespace),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
