using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators;

/// <summary>Holds what a project says to the generator.</summary>
/// <param name="RootNamespace">The namespace of generated classes whose descriptor names none, as C# can write it; empty = the global one.</param>
internal sealed record GeneratorOptions(string RootNamespace)
{
    /// <summary>Reads the options of a project.</summary>
    /// <param name="provider">The project's properties.</param>
    public static GeneratorOptions From(AnalyzerConfigOptionsProvider provider) =>
        new(provider.GlobalOptions.TryGetValue("build_property.RootNamespace", out var name) ? CSharpNames.NamespaceFrom(name) : "");
}
