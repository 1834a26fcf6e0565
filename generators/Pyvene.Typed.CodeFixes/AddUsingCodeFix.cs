using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Writes <c>using</c> before a local that is never disposed, and keeps in such a local what is dropped.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddUsingCodeFix))]
[Shared]
public sealed class AddUsingCodeFix() : RuleCodeFix<StatementSyntax>(DiagnosticProperties.Name, DiagnosticIds.Undisposed)
{
    // C# has no using declaration directly in a switch section or behind 'if', and one keyword disposes every variable of a declaration.
    private protected override string? TitleFor(StatementSyntax node, string value) => node switch
    {
        { Parent: not (BlockSyntax or GlobalStatementSyntax) } => null,
        LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1, UsingKeyword.RawKind: (int)SyntaxKind.None } => "Add 'using'",
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax } => "Keep it in a local with 'using'",
        _ => null,
    };

    private protected override SyntaxNode Change(SyntaxNode root, StatementSyntax node, string value, SemanticModel model)
    {
        var leading = node.GetLeadingTrivia();
        var keyword = SyntaxFactory.Token(leading, SyntaxKind.UsingKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space));
        return root.ReplaceNode(node, node is LocalDeclarationStatementSyntax declaration
            ? declaration.WithoutLeadingTrivia().WithUsingKeyword(keyword)
            : Kept((ExpressionStatementSyntax)node.WithoutLeadingTrivia(), FreeNames.Like(value, node, model)).WithUsingKeyword(keyword));
    }

    private static LocalDeclarationStatementSyntax Kept(ExpressionStatementSyntax statement, string name)
    {
        var value = SyntaxFactory.EqualsValueClause(SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space), statement.Expression);
        var variable = SyntaxFactory.VariableDeclarator(SyntaxFactory.Identifier(name).WithTrailingTrivia(SyntaxFactory.Space)).WithInitializer(value);
        var type = SyntaxFactory.IdentifierName("var").WithTrailingTrivia(SyntaxFactory.Space);
        return SyntaxFactory.LocalDeclarationStatement(SyntaxFactory.VariableDeclaration(type, [variable])).WithSemicolonToken(statement.SemicolonToken);
    }
}
