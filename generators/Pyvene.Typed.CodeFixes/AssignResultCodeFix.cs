using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>
/// Assigns the dropped result of a step back to what the step was called on. Where the step changes the type, only the author knows where its result belongs.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AssignResultCodeFix))]
[Shared]
public sealed class AssignResultCodeFix() : RuleCodeFix<InvocationExpressionSyntax>(DiagnosticProperties.Target, DiagnosticIds.DroppedResult)
{
    private protected override string? TitleFor(InvocationExpressionSyntax node, string value) => $"Assign the result to '{value}'";

    private protected override SyntaxNode Change(SyntaxNode root, InvocationExpressionSyntax node, string value, SemanticModel model) => root.ReplaceNode(
        node,
        SyntaxFactory.AssignmentExpression(
            SyntaxKind.SimpleAssignmentExpression,
            SyntaxFactory.ParseExpression(value).WithLeadingTrivia(node.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space),
            node.WithoutLeadingTrivia()));
}
