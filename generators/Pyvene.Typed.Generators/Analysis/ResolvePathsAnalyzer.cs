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
public sealed class ResolvePathsAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.MissingModule, DiagnosticDescriptors.MissingTensor)
{
    private static readonly SourceTextValueProvider<PlacedDescriptor?> Descriptors = new(DescriptorParser.ParseWithPlaces);

    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        var lookup = new ModuleLookup(start.Compilation);
        start.RegisterAdditionalFileAction(file =>
        {
            var isDescriptor = file.AdditionalFile.Path.EndsWith(".pyvene.json", StringComparison.OrdinalIgnoreCase);
            if (isDescriptor && file.AdditionalFile.GetText(file.CancellationToken) is { } text && start.TryGetValue(text, Descriptors, out var descriptor) && descriptor is not null)
            {
                Check(file, text, descriptor, lookup);
            }
        });
    }

    private static void Check(AdditionalFileAnalysisContext context, SourceText text, PlacedDescriptor descriptor, ModuleLookup lookup)
    {
        foreach (var served in descriptor.Model.Classes)
        {
            if (ModuleNamed(context.Compilation, served.Name) is not { } type) continue;
            foreach (var (component, path) in descriptor.Model.Components.Zip(descriptor.PathSpans, (component, path) => (component, path)))
            {
                if (component.Classes.Count > 0 && !component.Classes.Contains(served.Name)) continue;
                var result = lookup.Follow(type, component.Path.StartsWith("/", StringComparison.Ordinal) ? component.Path.Substring(1) : served.Prefix + component.Path, context.CancellationToken);
                if (result.Owner is { } owner)
                {
                    Report(DiagnosticDescriptors.MissingModule, path, component.Path, served.Name, $"'{Name(owner)}' is where it ends, {result.Fact}", result.Remedy);
                }
                else if (result.Module is { } module && ModuleTensors.ProblemOf(module, component) is var (fact, remedy))
                {
                    Report(DiagnosticDescriptors.MissingTensor, path, component.Name, $"{(component.IsInput ? "an argument" : "a result")}", Name(module), fact, remedy);
                }
            }
        }

        void Report(DiagnosticDescriptor rule, TextSpan span, params object[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, Location.Create(context.AdditionalFile.Path, span, text.Lines.GetLinePositionSpan(span)), arguments));
    }

    // Of classes with one name, none is known to be the one that is meant.
    private static INamedTypeSymbol? ModuleNamed(Compilation compilation, string name) =>
        compilation.GetSymbolsWithName(name, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(TorchTypes.IsModule).Take(2).ToArray() is [var only] ? only : null;

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
