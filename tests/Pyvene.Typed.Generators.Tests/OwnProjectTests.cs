using System.Reflection;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>A descriptor in a project of one's own works as the ones that ship do: all that its class needs of the library is public.</summary>
public sealed class OwnProjectTests
{
    [Fact]
    public void TheArchitectureOfAnotherAssemblyIsKnownOnceThatRuns()
    {
        const string program =
            """
            using Pyvene.Typed;
            using Sample;
            internal static class Program
            {
                internal static string Main() => Toy.Experiment.Zero(Toy.Small.Layer(1).HeadQueryOutput.Head(0)).ToConfig().Architecture + " " + Toy.Logits;
            }
            """;
        Programs.Driver("Sample", new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good))
            .RunGeneratorsAndUpdateCompilation(Programs.Library(program), out var output, out _);
        using var image = new MemoryStream();
        Assert.Empty(output.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
        Assert.False(ArchitectureDescriptor.TryFind("toy", out _));

        var main = Assembly.Load(image.ToArray()).GetType("Program")!.GetMethod("Main", BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Equal("toy logits", main.Invoke(null, null));
        Assert.True(ArchitectureDescriptor.TryFind("toy", out var toy));
        Assert.Equal(new ViewStep.Chunk(3, 0), toy.Components.Single(component => component.Name == "head_query_output").View[0]);
        Assert.Equal((2L, 4L), (toy.Checkpoints["Small"].Sizes["layers"], toy.Checkpoints["Small"].Sizes["dHead"]));
    }
}
