using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Makes a type that code is generated for partial, and the types that it lies in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddPartialCodeFix))]
[Shared]
public sealed class AddPartialCodeFix()
    : RuleCodeFix<TypeDeclarationSyntax>(DiagnosticProperties.NotPartial, DiagnosticIds.UnusableModule, DiagnosticIds.UnusableCausalModel)
{
    private protected override string? TitleFor(TypeDeclarationSyntax node, string value) => "Make it partial";

    private protected override SyntaxNode Change(SyntaxNode root, TypeDeclarationSyntax node, string value, SemanticModel model) => root.ReplaceNodes(
        node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Where(type => !type.Modifiers.Any(SyntaxKind.PartialKeyword)),
        (_, type) => WithPartial(type));

    // 'partial' is the last modifier; as the first one it takes over what stands before 'class'.
    private static TypeDeclarationSyntax WithPartial(TypeDeclarationSyntax type)
    {
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return type.Modifiers.Count > 0
            ? type.AddModifiers(partial)
            : type.WithKeyword(type.Keyword.WithLeadingTrivia()).AddModifiers(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia));
    }
}
