using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>
/// Finds classes with <c>[InterventionModel]</c> whose fields TorchSharp never gets to know, so that they have no parameters and no hook can be set.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegisterModulesAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.UnregisteredFields)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        if (start.Compilation.GetTypeByMetadataName(ModuleReader.Attribute) is { } marker)
        {
            start.RegisterSymbolAction(symbol => Check(symbol, marker), SymbolKind.NamedType);
        }
    }

    private static void Check(SymbolAnalysisContext context, INamedTypeSymbol marker)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.FindAttribute(marker) is null || ModuleReader.Read(type).Module is not { Fields.Count: > 0 }) return;
        var written = TorchTypes.OwnClasses(type)
            .SelectMany(own => own.DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax(context.CancellationToken))
            .ToArray();
        if (written.Length == 0 || TorchTypes.OwnClasses(type).Any(own => own.DeclaringSyntaxReferences.IsEmpty) || written.Any(Registers)) return;
        if (written.OfType<ClassDeclarationSyntax>().FirstOrDefault() is { } declaration)
        {
            context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.UnregisteredFields, declaration.Identifier.GetLocation(), type.Name));
        }
    }

    private static bool Registers(SyntaxNode declaration) =>
        declaration.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText is "RegisterComponents" or "register_module");
}
