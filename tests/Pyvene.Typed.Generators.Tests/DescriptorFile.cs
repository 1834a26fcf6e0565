using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>A descriptor as the compiler hands it to the generator.</summary>
internal sealed class DescriptorFile(string name, string content) : AdditionalText
{
    public override string Path => name;

    public string Content => content;

    /// <summary>One of the inputs of these tests.</summary>
    public static DescriptorFile Read(string name) =>
        new(
            $"{name}.pyvene.json",
            File.ReadAllText(System.IO.Path.Combine(Typed.Tests.Repository.Root, "tests", "Pyvene.Typed.Generators.Tests", "Descriptors", $"{name}.json")));

    /// <summary>One that ships with the library, with a key of its own: that of the library is taken in every project that uses it.</summary>
    public static DescriptorFile Shipped(string name) =>
        new DescriptorFile(
            $"{name}.pyvene.json",
            File.ReadAllText(System.IO.Path.Combine(Typed.Tests.Repository.Root, "src", "Pyvene.Typed", "Descriptors", $"{name}.pyvene.json")))
            .With($"\"architecture\": \"{name}\"", $"\"architecture\": \"own_{name}\"");

    public DescriptorFile With(string before, string after)
    {
        Assert.Contains(before, content, StringComparison.Ordinal);
        return new(name, content.Replace(before, after, StringComparison.Ordinal));
    }

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(content, System.Text.Encoding.UTF8);
}
