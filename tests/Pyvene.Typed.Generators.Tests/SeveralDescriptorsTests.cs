using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>Descriptors of one project stand beside each other: what is wrong with one costs no other.</summary>
public sealed class SeveralDescriptorsTests
{
    [Fact]
    public void NamesThatDifferByCaseOrNamespaceAreAllGenerated()
    {
        var result = GeneratorRun.Of(
            Toy("a", "toy_a", "Toy", "N1"), Toy("b", "toy_b", "TOY", "N2"), Toy("c", "toy_c", "Toy", "N2"), Toy("d", "third", "Third", "N"));
        Assert.Equal(12, result.GeneratedSources.Select(source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("Third.Components.g.cs", result.GeneratedSources.Select(source => source.HintName));
    }

    [Fact]
    public void TheNamesOfFilesDoNotDependOnTheOrderOfDescriptors()
    {
        DescriptorFile[] files = [Toy("a", "toy_a", "Toy", "N1"), Toy("b", "toy_b", "TOY", "N1"), Toy("d", "third", "Third", "N")];
        Assert.Equal(Hints(GeneratorRun.Of(files)), Hints(GeneratorRun.Of(Enumerable.Reverse(files))));

        static IEnumerable<string> Hints(GeneratorRunResult result) => result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void AFileThatIsNamedTwiceIsOneDescriptor() =>
        Assert.Equal(3, GeneratorRun.Of(Toy("a", "toy", "Toy", "N"), Toy("a", "toy", "Toy", "N")).GeneratedSources.Length);

    [Fact]
    public void AKeyIsOfTheFirstOfTwoDescriptors()
    {
        var result = GeneratorRun.Twice([Toy("b", "toy", "Other", "N"), Toy("a", "toy", "Toy", "N")], out var output);
        AssertOne(result, "PVT113", "b.pyvene.json", "Architecture 'toy' is also described by 'a.pyvene.json'; choose another key");
        Assert.DoesNotContain(output.GetDiagnostics(), made => made.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("namespace N; internal sealed class Toy;", "a type of the program")]
    [InlineData("namespace N; public sealed partial class Toy : System.Collections.ArrayList;", "a type of the program")]
    [InlineData("namespace N; public interface Toy;", "a type of the program")]
    [InlineData("namespace N.Toy; internal sealed class Some;", "a namespace")]
    [InlineData("public sealed class N;", "in a namespace that is the name of a type of the program")]
    public void ATypeThatTheProgramHasIsReportedInTheDescriptor(string program, string owner)
    {
        var driver = Programs.Driver("Sample", Toy("a", "toy", "Toy", "N"), Toy("b", "third", "Third", "M"))
            .RunGeneratorsAndUpdateCompilation(Programs.Library(program), out var output, out _);
        AssertOne(GeneratorRun.Single(driver), "PVT116", "a.pyvene.json", $"Type 'Toy' is also {owner}; choose another type");
        Assert.DoesNotContain(output.GetDiagnostics(), made => made.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("public sealed class ToyModel;")]
    [InlineData("namespace Elsewhere; internal sealed class ToyModel;")]
    public void ATypeThatIsTheServedClassOfTheProgramIsReported(string program)
    {
        var driver = Programs.Driver("Sample", Toy("a", "toy", "ToyModel", "N"), Toy("b", "third", "Third", "M")).RunGenerators(Programs.Library(program));
        AssertOne(
            GeneratorRun.Single(driver),
            "PVT116",
            "a.pyvene.json",
            "Type 'ToyModel' is also the class of the program that the descriptor serves; choose another type");
    }

    [Fact]
    public void APublicPartialClassAddsMembersToTheGeneratedOne()
    {
        const string program = "namespace N; public partial class Toy { internal static object Mine => Small.Layer(1).MlpOutput; }";
        Programs.Driver("Sample", Toy("a", "toy", "Toy", "N")).RunGeneratorsAndUpdateCompilation(Programs.Library(program), out var output, out var found);
        Assert.Empty(found);
        Assert.DoesNotContain(output.GetDiagnostics(), made => made.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("my-app", "my_app")]
    [InlineData("3d.class.my app", "_3d.@class.my_app")]
    [InlineData("..", "")]
    [InlineData("Über.Net", "Über.Net")]
    public void ARootNamespaceOfAnyProjectNameCompiles(string root, string space)
    {
        var driver = Programs.Driver(root, new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good))
            .RunGeneratorsAndUpdateCompilation(Programs.Library(), out var output, out _);
        Assert.DoesNotContain(output.GetDiagnostics(), made => made.Severity == DiagnosticSeverity.Error);
        var text = GeneratorRun.Single(driver).GeneratedSources[0].SourceText.ToString();
        Assert.Equal(space.Length > 0, text.Contains($"namespace {space};", StringComparison.Ordinal));
    }

    [Fact]
    public void TheKeysOfTheLibraryAreThoseOfItsDescriptors()
    {
        var folder = Path.Combine(Typed.Tests.Repository.Root, "src", "Pyvene.Typed", "Descriptors");
        foreach (var file in Directory.GetFiles(folder, "*.pyvene.json"))
        {
            using var descriptor = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
            var key = descriptor.RootElement.GetProperty("architecture").GetString()!;
            Assert.True(ShippedDescriptors.Contain(key), key);
        }
    }

    private static DescriptorFile Toy(string file, string key, string type, string space) => new DescriptorFile($"{file}.pyvene.json", DiagnosticCases.Good)
        .With("\"architecture\": \"toy\"", $"\"architecture\": \"{key}\"").With("\"type\": \"Toy\"", $"\"type\": \"{type}\", \"namespace\": \"{space}\"");

    private static void AssertOne(GeneratorRunResult result, string id, string file, string message)
    {
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(
            (id, file, message),
            (diagnostic.Id, diagnostic.Location.GetLineSpan().Path, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(3, result.GeneratedSources.Length);
    }
}
