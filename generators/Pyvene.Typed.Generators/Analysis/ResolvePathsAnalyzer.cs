using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Follows the module paths of descriptors through the classes that they serve, where the program has these, and reports in the descriptor.</summary>
/// <remarks>The generator does not look at the program, so that typing emits nothing; this does, after the fact.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ResolvePathsAnalyzer() : UsageAnalyzer(Modules, Tensors)
{
    private static readonly DiagnosticDescriptor Modules = DiagnosticDescriptors.ById(DescriptorRules.MissingModule);
    private static readonly DiagnosticDescriptor Tensors = DiagnosticDescriptors.ById(DescriptorRules.MissingTensor);
    private static readonly SourceTextValueProvider<DescriptorText> Texts = new(text => new DescriptorText("", text.ToString()));

    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        var lookup = new ModuleLookup(start.Compilation);
        var files = start.Options.AdditionalFiles.Where(IsDescriptor).ToArray();
        start.RegisterAdditionalFileAction(file =>
        {
            if (!IsDescriptor(file.AdditionalFile)
                || file.AdditionalFile.GetText(file.CancellationToken) is not { } text
                || TextOf(file.AdditionalFile) is not { } written)
            {
                return;
            }

            DescriptorText[] others = written.Like is null
                ? []
                : [.. files.OrderBy(other => other.Path, StringComparer.Ordinal).Select(TextOf).OfType<DescriptorText>()];
            if (DescriptorParser.ParseWithPlaces(DescriptorChain.Of(written, others)) is { } descriptor) Check(file, text, descriptor, lookup);

            DescriptorText? TextOf(AdditionalText other) =>
                other.GetText(file.CancellationToken) is { } content && start.TryGetValue(content, Texts, out var found) ? found : null;
        });
    }

    private static bool IsDescriptor(AdditionalText file) => file.Path.EndsWith(".pyvene.json", StringComparison.OrdinalIgnoreCase);

    private static void Check(AdditionalFileAnalysisContext context, SourceText text, PlacedDescriptor descriptor, ModuleLookup lookup)
    {
        foreach (var served in descriptor.Model.Classes)
        {
            if (ModuleNamed(context.Compilation, served.Name) is not { } type) continue;
            foreach (var (component, path) in descriptor.Model.Components.Zip(descriptor.PathSpans, (component, path) => (component, path)))
            {
                if (component.Classes.Count > 0 && !component.Classes.Contains(served.Name)) continue;
                var result = lookup.Follow(
                    type,
                    component.Path.StartsWith("/", StringComparison.Ordinal) ? component.Path.Substring(1) : served.Prefix + component.Path,
                    context.CancellationToken);
                if (result.Owner is { } owner)
                {
                    Report(
                        Modules,
                        path,
                        component.Path,
                        served.Name,
                        $"'{Name(owner)}' is where it ends, {result.Fact}",
                        result.Remedy);
                }
                else if (result.Module is { } module && ModuleTensors.ProblemOf(module, component) is var (fact, remedy))
                {
                    Report(
                        Tensors,
                        path,
                        component.Name,
                        $"{(component.IsInput ? "an argument" : "a result")}",
                        Name(module),
                        fact,
                        remedy);
                }
            }
        }

        void Report(DiagnosticDescriptor rule, TextRange range, params object[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, TextPlace.Of(context.AdditionalFile.Path, text.ToString(), range).ToLocation(), arguments));
    }

    // Of classes with one name, none is known to be the one that is meant.
    private static INamedTypeSymbol? ModuleNamed(Compilation compilation, string name) =>
        compilation.GetSymbolsWithName(name, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(TorchTypes.IsModule).Take(2).ToArray() is [var only]
            ? only
            : null;

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
