using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Is the base of the fixes: each changes one piece of syntax around the place of a diagnostic.</summary>
/// <typeparam name="TNode">The kind of syntax.</typeparam>
public abstract class RuleCodeFix<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    private readonly string? property;

    /// <summary>Initialises the fix.</summary>
    /// <param name="property">What the fix needs of the diagnostic, without which none is offered; <see langword="null"/> = nothing.</param>
    /// <param name="rules">The rules whose diagnostics it mends.</param>
    private protected RuleCodeFix(string? property, params ImmutableArray<string> rules)
    {
        this.property = property;
        FixableDiagnosticIds = rules;
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var value = "";
            if (property is not null && (!diagnostic.Properties.TryGetValue(property, out value) || value is null)) continue;
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).AncestorsAndSelf().OfType<TNode>().FirstOrDefault() is not { } node
                || TitleFor(node, value!) is not { } title)
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create(title, cancellation => Apply(context.Document, node, value!, cancellation), $"{GetType().Name} {value}"), diagnostic);
        }
    }

    /// <summary>Returns what the fix does, as an editor's menu says it, or <see langword="null"/> when there is no right one here.</summary>
    /// <param name="node">The syntax.</param>
    /// <param name="value">What the diagnostic carries.</param>
    private protected abstract string? TitleFor(TNode node, string value);

    /// <summary>Returns the changed file.</summary>
    /// <param name="root">The file.</param>
    /// <param name="node">The syntax in it.</param>
    /// <param name="value">What the diagnostic carries.</param>
    /// <param name="model">What the compiler knows of the file.</param>
    private protected abstract SyntaxNode Change(SyntaxNode root, TNode node, string value, SemanticModel model);

    private async Task<Document> Apply(Document document, TNode node, string value, CancellationToken cancellation)
    {
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        return document.WithSyntaxRoot(Change(root!, node, value, model!));
    }
}
