using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Writes a position that is counted from the end as C# does: <c>^1</c> for <c>-1</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CountFromTheEndCodeFix))]
[Shared]
public sealed class CountFromTheEndCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [DiagnosticIds.NegativePosition];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax written
                || !diagnostic.Properties.TryGetValue(DiagnosticProperties.Name, out var position) || position is null) continue;
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Write '{position}'",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(written, SyntaxFactory.ParseExpression(position).WithTriviaFrom(written)))),
                    nameof(CountFromTheEndCodeFix)),
                diagnostic);
        }
    }
}
