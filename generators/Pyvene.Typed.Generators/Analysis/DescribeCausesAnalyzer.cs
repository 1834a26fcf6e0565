using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Says why a type with <c>[CausalModel]</c> is no causal model, or a property of one no variable.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DescribeCausesAnalyzer() : UsageAnalyzer(
    DiagnosticDescriptors.UnusableCausalModel, DiagnosticDescriptors.UnusableVariable, DiagnosticDescriptors.UnusableDomain,
    DiagnosticDescriptors.CircularVariables, DiagnosticDescriptors.Uncaused, DiagnosticDescriptors.UnseenCause, DiagnosticDescriptors.UnreadInput)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        if (start.Compilation.GetTypeByMetadataName(CausalModelReader.Attribute) is { } marker)
        {
            start.RegisterSyntaxNodeAction(node => Check(node, marker), SyntaxKind.ClassDeclaration, SyntaxKind.RecordDeclaration);
        }
    }

    private static void Check(SyntaxNodeAnalysisContext context, INamedTypeSymbol marker)
    {
        var node = (TypeDeclarationSyntax)context.Node;
        if (node.AttributeLists.Count == 0
            || context.SemanticModel.GetDeclaredSymbol(node, context.CancellationToken) is not { } type
            || type.FindAttribute(marker)?.ApplicationSyntaxReference is not { } written
            || written.SyntaxTree != node.SyntaxTree
            || !node.AttributeLists.Span.Contains(written.Span))
        {
            return;
        }

        var problems = CausalModelReader.Read(type, node, context.SemanticModel, context.CancellationToken).Problems;
        foreach (var problem in problems.Where(problem => problem.Location.IsInSource)) context.ReportDiagnostic(problem);
    }
}
