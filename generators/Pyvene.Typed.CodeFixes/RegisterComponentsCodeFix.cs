using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Calls <c>RegisterComponents()</c> at the end of a class's only constructor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RegisterComponentsCodeFix))]
[Shared]
public sealed class RegisterComponentsCodeFix() : RuleCodeFix<ClassDeclarationSyntax>(null, DiagnosticIds.UnregisteredFields)
{
    // A class without a constructor of its own, or with several, needs its author.
    private protected override string? TitleFor(ClassDeclarationSyntax node, string value) =>
        BodyOf(node) is null ? null : "Call 'RegisterComponents' in the constructor";

    private protected override SyntaxNode Change(SyntaxNode root, ClassDeclarationSyntax node, string value, SemanticModel model)
    {
        var body = BodyOf(node)!;
        var call = SyntaxFactory.ParseStatement("RegisterComponents();");
        var isOnOneLine = body.OpenBraceToken.TrailingTrivia.All(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        var indent = body.Statements.LastOrDefault()?.GetLeadingTrivia().LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).ToString()
            ?? $"{body.CloseBraceToken.LeadingTrivia.LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia))}    ";
        return root.ReplaceNode(body, body.AddStatements(isOnOneLine
            ? call.WithTrailingTrivia(SyntaxFactory.Space)
            : call.WithLeadingTrivia(SyntaxFactory.Whitespace(indent)).WithTrailingTrivia(SyntaxFactory.EndOfLine("\n"))));
    }

    private static BlockSyntax? BodyOf(ClassDeclarationSyntax type) =>
        type is { ParameterList: null } && type.Members.OfType<ConstructorDeclarationSyntax>()
            .Where(constructor => !constructor.Modifiers.Any(SyntaxKind.StaticKeyword))
            .ToArray() is [{ Body: { } body }] ? body : null;
}
