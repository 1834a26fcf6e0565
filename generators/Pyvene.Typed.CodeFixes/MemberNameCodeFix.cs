using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Replaces a misspelt or unsuitable member name by the one that the diagnostic names.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MemberNameCodeFix))]
[Shared]
public sealed class MemberNameCodeFix()
    : RuleCodeFix<SimpleNameSyntax>(DiagnosticProperties.Name, DiagnosticIds.MisspeltMember, DiagnosticIds.ForwardSkipsHooks)
{
    private protected override string? TitleFor(SimpleNameSyntax node, string value) => $"Use '{value}'";

    private protected override SyntaxNode Change(SyntaxNode root, SimpleNameSyntax node, string value, SemanticModel model) =>
        root.ReplaceToken(node.Identifier, SyntaxFactory.Identifier(value).WithTriviaFrom(node.Identifier));
}
