using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Assigns the dropped result of a step back to what the step was called on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AssignResultCodeFix))]
[Shared]
public sealed class AssignResultCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [DiagnosticIds.DroppedResult];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            // Without a target the step changes the type, so that only the author knows where its result belongs.
            if (!diagnostic.Properties.TryGetValue(DiagnosticProperties.Target, out var target) || target is null) continue;
            var call = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).AncestorsAndSelf().OfType<InvocationExpressionSyntax>().FirstOrDefault();
            if (call is null) continue;
            context.RegisterCodeFix(
                CodeAction.Create($"Assign the result to '{target}'", _ => Task.FromResult(context.Document.WithSyntaxRoot(Assign(root, call, target))), nameof(AssignResultCodeFix)),
                diagnostic);
        }
    }

    private static SyntaxNode Assign(SyntaxNode root, InvocationExpressionSyntax call, string target)
    {
        var assignment = SyntaxFactory.AssignmentExpression(
            SyntaxKind.SimpleAssignmentExpression,
            SyntaxFactory.ParseExpression(target).WithLeadingTrivia(call.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space),
            call.WithoutLeadingTrivia());
        return root.ReplaceNode(call, assignment);
    }
}
