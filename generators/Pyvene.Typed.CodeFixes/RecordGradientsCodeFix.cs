using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Lets a run record gradients, and leaves all else of it as it was: without options, a run returns the clean run too.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RecordGradientsCodeFix))]
[Shared]
public sealed class RecordGradientsCodeFix() : RuleCodeFix<ExpressionSyntax>(null, DiagnosticIds.NoGradients)
{
    private const string Name = "Gradients";

    // Options that are made elsewhere may serve other runs too.
    private protected override string? TitleFor(ExpressionSyntax node, string value) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Run" } }
            or BaseObjectCreationExpressionSyntax
            ? "Record gradients" : null;

    private protected override SyntaxNode Change(SyntaxNode root, ExpressionSyntax node, string value, SemanticModel model)
    {
        if (node is InvocationExpressionSyntax { ArgumentList: var arguments })
        {
            var name = arguments.Arguments.Any(argument => argument.NameColon is not null) ? "options: " : "";
            return root.ReplaceNode(arguments, SyntaxFactory.ParseArgumentList(
                $"({string.Concat(arguments.Arguments.Select(argument => $"{argument}, "))}{name}new RunOptions {{ WithClean = true, {Name} = true }})"));
        }

        var creation = (BaseObjectCreationExpressionSyntax)node;
        var kept = creation.Initializer?.Expressions
            .Where(setting => setting is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: Name } }) ?? [];
        var settings = $"{{ {string.Concat(kept.Select(setting => $"{setting}, "))}{Name} = true }}";
        return root.ReplaceNode(node, SyntaxFactory.ParseExpression(creation is ObjectCreationExpressionSyntax { Type: var type }
            ? $"new {type.ToString()} {settings}"
            : $"new() {settings}").WithTriviaFrom(node));
    }
}
