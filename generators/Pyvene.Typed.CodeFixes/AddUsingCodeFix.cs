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

/// <summary>Writes <c>using</c> before a local that is never disposed.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddUsingCodeFix))]
[Shared]
public sealed class AddUsingCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [DiagnosticIds.Undisposed];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var declaration = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).AncestorsAndSelf().OfType<LocalDeclarationStatementSyntax>().FirstOrDefault();
            if (declaration is null || !TakesUsing(declaration)) continue;
            context.RegisterCodeFix(
                CodeAction.Create("Add 'using'", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(declaration, WithUsing(declaration)))), nameof(AddUsingCodeFix)),
                diagnostic);
        }
    }

    // C# has no using declaration directly in a switch section, and one keyword disposes every variable of a declaration.
    private static bool TakesUsing(LocalDeclarationStatementSyntax declaration) =>
        declaration is { Parent: BlockSyntax or GlobalStatementSyntax, Declaration.Variables.Count: 1 } && declaration.UsingKeyword.IsKind(SyntaxKind.None);

    private static LocalDeclarationStatementSyntax WithUsing(LocalDeclarationStatementSyntax declaration)
    {
        var leading = declaration.GetLeadingTrivia();
        return declaration.WithoutLeadingTrivia().WithUsingKeyword(SyntaxFactory.Token(leading, SyntaxKind.UsingKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space)));
    }
}
