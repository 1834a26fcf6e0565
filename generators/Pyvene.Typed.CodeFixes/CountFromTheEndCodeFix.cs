using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Writes a position that is counted from the end as C# does: <c>^1</c> for <c>-1</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CountFromTheEndCodeFix))]
[Shared]
public sealed class CountFromTheEndCodeFix() : RuleCodeFix<ExpressionSyntax>(DiagnosticProperties.Name, DiagnosticIds.NegativePosition)
{
    private protected override string? TitleFor(ExpressionSyntax node, string value) => $"Write '{value}'";

    private protected override SyntaxNode Change(SyntaxNode root, ExpressionSyntax node, string value, SemanticModel model) =>
        root.ReplaceNode(node, SyntaxFactory.ParseExpression(value).WithTriviaFrom(node));
}
