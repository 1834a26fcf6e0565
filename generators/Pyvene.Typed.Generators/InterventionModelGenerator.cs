using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Pyvene.Typed.Generators.Emission;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators;

/// <summary>
/// Gives every class with <c>[InterventionModel]</c> the components of its fields. What is wrong with a class is said by an analyzer, so that it can be
/// silenced where it stands.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class InterventionModelGenerator : IIncrementalGenerator
{
    internal const string ModuleStep = "InterventionModel.Module";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // All of them are seen together for the names of their files alone.
        var modules = context.SyntaxProvider
            .ForAttributeWithMetadataName(ModuleReader.Attribute, static (node, _) => node is ClassDeclarationSyntax, Read)
            .WithTrackingName(ModuleStep)
            .Collect()
            .SelectMany(Named);
        context.RegisterSourceOutput(modules, Emit);
    }

    // Strings only leave this method: a symbol would keep its whole program alive and make every step run again.
    private static ModuleSpec? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        ModuleReader.Read((INamedTypeSymbol)context.TargetSymbol).Module;

    // A class whose parts carry the attribute each comes once a part.
    private static IEnumerable<ModuleSpec> Named(ImmutableArray<ModuleSpec?> modules, CancellationToken cancellation)
    {
        ModuleSpec[] different = [.. modules.OfType<ModuleSpec>().GroupBy(module => module.Hint, StringComparer.Ordinal).Select(same => same.First())];
        return different.Zip(HintNames.For([.. different.Select(module => (module.Hint, module.Hint))]), (module, hint) => module with { Hint = hint });
    }

    // An exception out of a generator would cost the components of every class; the analyzer tells what the reader fails on.
    private static void Emit(SourceProductionContext output, ModuleSpec module) =>
        output.AddSource($"{module.Hint}.Components.g.cs", SourceText.From(ModuleComponentsEmitter.Emit(module), Encoding.UTF8));
}
