using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Tests;

public sealed class TorchInitializerGeneratorTests
{
    private static readonly MetadataReference[] Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly MetadataReference Library = MetadataReference.CreateFromFile(typeof(Native.TorchLibrary).Assembly.Location);

    [Fact]
    public void AssemblyThatReferencesTheLibraryGetsAnInitializerThatCompiles()
    {
        var driver = Driver().RunGeneratorsAndUpdateCompilation(Compilation([.. Framework, Library]), out var compiled, out _);

        Assert.Equal(TorchInitializerGenerator.HintName, Assert.Single(Assert.Single(driver.GetRunResult().Results).GeneratedSources).HintName);
        Assert.Empty(compiled.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void AssemblyThatDoesNotReferenceTheLibraryGetsNothing() =>
        Assert.Empty(Driver().RunGenerators(Compilation(Framework)).GetRunResult().GeneratedTrees);

    [Fact]
    public void LibraryItselfGetsNothing() =>
        Assert.Empty(Driver().RunGenerators(Compilation(Framework).WithAssemblyName("Pyvene.Typed")).GetRunResult().GeneratedTrees);

    [Fact]
    public void ProjectThatAnIdeHandsOverAsACompilationCountsAsTheLibrary()
    {
        var library = Compilation(Framework, "namespace Pyvene.Typed.Native; public static class TorchLibrary { public static void Register() { } }")
            .WithAssemblyName("Pyvene.Typed");

        var result = Driver().RunGenerators(Compilation([.. Framework, library.ToMetadataReference()])).GetRunResult();

        Assert.Single(result.GeneratedTrees);
    }

    [Fact]
    public void EditedProgramRunsNothingAgain()
    {
        var compilation = Compilation([.. Framework, Library]);
        var driver = Driver().RunGenerators(compilation);

        driver = driver.RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Added;")));

        var result = Assert.Single(driver.GetRunResult().Results);
        var steps = result.TrackedSteps[TorchInitializerGenerator.ReferencesStep].Concat(result.TrackedOutputSteps.SelectMany(step => step.Value));
        Assert.All(
            steps.SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private static GeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create(
            [new TorchInitializerGenerator().AsSourceGenerator()],
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static CSharpCompilation Compilation(MetadataReference[] references, string source = "class Program { static void Main() { } }") =>
        CSharpCompilation.Create(
            "program",
            [CSharpSyntaxTree.ParseText(source)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
}
