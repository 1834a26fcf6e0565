using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Says why a class with <c>[InterventionModel]</c>, or a field of one, offers no component.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DescribeModulesAnalyzer()
    : UsageAnalyzer(DiagnosticDescriptors.UnusableModule, DiagnosticDescriptors.MangledName, DiagnosticDescriptors.UnusableComponent)
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
        if (type.FindAttribute(marker) is null) return;
        foreach (var problem in ModuleReader.Read(type).Problems.Where(problem => problem.Location.IsInSource)) context.ReportDiagnostic(problem);
    }
}
