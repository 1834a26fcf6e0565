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

/// <summary>Names the field behind an auto-property for TorchSharp.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameBackingFieldCodeFix))]
[Shared]
public sealed class NameBackingFieldCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [DiagnosticIds.MangledName];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var property = root.FindNode(diagnostic.Location.SourceSpan).AncestorsAndSelf().OfType<PropertyDeclarationSyntax>().FirstOrDefault();
            if (property is null || !diagnostic.Properties.TryGetValue(DiagnosticProperties.Name, out var name) || name is null) continue;
            context.RegisterCodeFix(
                CodeAction.Create($"Register it as '{name}'", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(property, Named(property, name)))), nameof(NameBackingFieldCodeFix)),
                diagnostic);
        }
    }

    private static PropertyDeclarationSyntax Named(PropertyDeclarationSyntax property, string name)
    {
        // Comments stay above; the line's indentation goes to both.
        var leading = property.GetLeadingTrivia();
        var indentation = leading.LastOrDefault() is { RawKind: (int)SyntaxKind.WhitespaceTrivia } space ? SyntaxFactory.TriviaList(space) : default;
        var attribute = SyntaxFactory.ParseCompilationUnit($"[field: TorchSharp.Utils.ComponentName(Name = \"{name}\")] int x;").DescendantNodes().OfType<AttributeListSyntax>().Single()
            .WithLeadingTrivia(leading)
            .WithTrailingTrivia(SyntaxFactory.LineFeed);
        return property.WithLeadingTrivia(indentation).WithAttributeLists(property.AttributeLists.Count == 0
            ? [attribute]
            : [attribute, .. property.WithLeadingTrivia(indentation).AttributeLists]);
    }
}
