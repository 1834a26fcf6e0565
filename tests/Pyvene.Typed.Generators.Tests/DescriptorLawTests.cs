using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>The law of the generator: whatever a descriptor says, either code comes out that compiles, or errors of ours at the file.</summary>
public sealed partial class DescriptorLawTests
{
    private static readonly string[] Names =
    [
        "Equals", "GetType", "ToString", "Index", "Layer", "Layers", "AllHeads", "Load", "Hub", "PrintMembers", "Clone", "Deconstruct", "Experiment", "Toy",
        "Block", "Small", "equals", "print_members",
        "clone", "class", "record", "layer", "all_heads", "toy", "small", "block", "value", "index", "hub", "To\u200dy", "Ünet", "\u0394", "a__b", "_", "", " ",
        "N.M", "@class",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "1e999", "0", "999999999999999999999", "[]", "{}", "\"\"", "\"batch\"", "\"dModel\"", "\"layers\"", "\"h[layer]\"", "\"\\udc00\"",
        "\"\\u0000\"", "\"/\"", "\"heads*heads\"",
        "[[[]]]", "\"mlp_output\"", "\"head\"",
    ];

    [Theory]
    [InlineData("\"type\": \"Toy\"", "\"type\": \"{0}\"")]
    [InlineData("\"Block\"", "\"{0}\"")]
    [InlineData("\"Small\"", "\"{0}\"")]
    [InlineData("\"mlp_output\"", "\"{0}\"")]
    [InlineData("\"logits\"", "\"{0}\"")]
    [InlineData("\"dHead\"", "\"{0}\"")]
    public void AnyNameCompilesOrIsReported(string before, string after)
    {
        foreach (var name in Names)
        {
            AssertLaw(DiagnosticCases.Good.Replace(before, after.Replace("{0}", name, StringComparison.Ordinal), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Pyvene")]
    [InlineData("System")]
    [InlineData("TorchSharp")]
    public void ATypeInNoNamespaceThatHidesOneIsReported(string type)
    {
        var driver = Programs.Driver("", new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good).With("\"type\": \"Toy\"", $"\"type\": \"{type}\""))
            .RunGenerators(Programs.Library());
        Assert.Equal("PVT116", Assert.Single(GeneratorRun.Single(driver).Diagnostics).Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyChangeOfADescriptorCompilesOrIsReported(int seed)
    {
        var random = new Random(seed);
        string[] texts = [DiagnosticCases.Good, DescriptorFile.Read("views").Content, DescriptorFile.Read("stacks").Content,
            DescriptorFile.Read("stages").Content];
        for (var trial = 0; trial < 40; trial++)
        {
            var text = texts[trial % texts.Length];
            for (var change = random.Next(1, 3); change > 0; change--)
            {
                var tokens = Token().Matches(text);
                var token = tokens[random.Next(tokens.Count)];
                var other = random.Next(4) switch
                {
                    0 => tokens[random.Next(tokens.Count)].Value,
                    1 => $"\"{Names[random.Next(Names.Length)]}\"",
                    2 => token.Value + ", " + token.Value,
                    _ => Values[random.Next(Values.Length)],
                };
                text = text[..token.Index] + other + text[(token.Index + token.Length)..];
            }

            AssertLaw(text);
        }
    }

    private static void AssertLaw(string descriptor)
    {
        var driver = Programs.Driver("Sample", new DescriptorFile("toy.pyvene.json", descriptor))
            .RunGeneratorsAndUpdateCompilation(Programs.Library(), out var output, out _);
        var result = GeneratorRun.Single(driver);
        Assert.All(result.Diagnostics, found => Assert.True(
            found.Id.StartsWith("PVT", StringComparison.Ordinal) && found.Id != "PVT010" && found.Location.GetLineSpan().Path == "toy.pyvene.json",
            found.ToString()));
        Assert.True(result.Diagnostics.IsEmpty != result.GeneratedSources.IsEmpty, descriptor);
        var wrong = result.GeneratedSources.IsEmpty
            ? null
            : output.GetDiagnostics().FirstOrDefault(made => made.Severity is DiagnosticSeverity.Warning or DiagnosticSeverity.Error);
        Assert.True(wrong is null, $"{wrong}\n{descriptor}");
    }

    [GeneratedRegex("\"[^\"\\n]*\"|[0-9]+")]
    private static partial Regex Token();
}
