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
/// Gives every type with <c>[CausalModel]</c> its variables, runs, interchanges and data sets. What is wrong with one is said by an analyzer, and costs no
/// other.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CausalModelGenerator : IIncrementalGenerator
{
    internal const string ModelStep = "CausalModel.Model";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // All of them are seen together for the names of their files alone.
        var models = context.SyntaxProvider
            .ForAttributeWithMetadataName(CausalModelReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, Read)
            .WithTrackingName(ModelStep)
            .Collect()
            .SelectMany(Named);
        context.RegisterSourceOutput(models, Emit);
    }

    // Strings only leave this method: a symbol would keep its whole program alive and make every step run again.
    private static CausalModelSpec? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        CausalModelReader.Read((INamedTypeSymbol)context.TargetSymbol, (TypeDeclarationSyntax)context.TargetNode, context.SemanticModel, cancellation).Model;

    private static IEnumerable<CausalModelSpec> Named(ImmutableArray<CausalModelSpec?> models, CancellationToken cancellation)
    {
        CausalModelSpec[] different = [.. models.OfType<CausalModelSpec>().GroupBy(model => model.Hint, StringComparer.Ordinal).Select(same => same.First())];
        return different.Zip(HintNames.For([.. different.Select(model => (model.Hint, model.Hint))]), (model, hint) => model with { Hint = hint });
    }

    private static void Emit(SourceProductionContext output, CausalModelSpec model) =>
        output.AddSource($"{model.Hint}{CausalModelReader.FileEnding}", SourceText.From(CausalModelEmitter.Emit(model), Encoding.UTF8));
}
