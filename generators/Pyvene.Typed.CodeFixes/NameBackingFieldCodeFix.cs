using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Names the field behind an auto-property for TorchSharp.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameBackingFieldCodeFix))]
[Shared]
public sealed class NameBackingFieldCodeFix() : RuleCodeFix<PropertyDeclarationSyntax>(DiagnosticProperties.Name, DiagnosticIds.MangledName)
{
    private protected override string? TitleFor(PropertyDeclarationSyntax node, string value) => $"Register it as '{value}'";

    private protected override SyntaxNode Change(SyntaxNode root, PropertyDeclarationSyntax node, string value, SemanticModel model)
    {
        // Comments stay above; the line's indentation goes to both.
        var leading = node.GetLeadingTrivia();
        var indentation = leading.LastOrDefault() is { RawKind: (int)SyntaxKind.WhitespaceTrivia } space ? SyntaxFactory.TriviaList(space) : default;
        var attribute = SyntaxFactory.ParseCompilationUnit($"[field: TorchSharp.Utils.ComponentName(Name = \"{value}\")] int x;")
            .DescendantNodes()
            .OfType<AttributeListSyntax>()
            .Single()
            .WithLeadingTrivia(leading)
            .WithTrailingTrivia(SyntaxFactory.LineFeed);
        return root.ReplaceNode(node, node.WithLeadingTrivia(indentation).WithAttributeLists(node.AttributeLists.Count == 0
            ? [attribute]
            : [attribute, .. node.WithLeadingTrivia(indentation).AttributeLists]));
    }
}
