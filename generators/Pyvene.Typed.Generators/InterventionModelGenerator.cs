using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Pyvene.Typed.Generators.Emission;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators;

/// <summary>Gives every class with <c>[InterventionModel]</c> the components of its fields. What is wrong with a class is said by an analyzer, so that it can be silenced where it stands.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class InterventionModelGenerator : IIncrementalGenerator
{
    internal const string ModuleStep = "InterventionModel.Module";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var modules = context.SyntaxProvider
            .ForAttributeWithMetadataName(ModuleReader.Attribute, static (node, _) => node is ClassDeclarationSyntax, Read)
            .WithTrackingName(ModuleStep);
        context.RegisterSourceOutput(modules, Emit);
    }

    // Strings only leave this method: a symbol would keep its whole program alive and make every step run again.
    private static ModuleSpec? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) => ModuleReader.Read((INamedTypeSymbol)context.TargetSymbol).Module;

    private static void Emit(SourceProductionContext output, ModuleSpec? module)
    {
        if (module is not null) output.AddSource($"{module.Hint}.Components.g.cs", SourceText.From(ModuleComponentsEmitter.Emit(module), Encoding.UTF8));
    }
}
