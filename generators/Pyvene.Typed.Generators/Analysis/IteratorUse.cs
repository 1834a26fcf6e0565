using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows how an iterator is read in its file: one item after another, while each is there, or all at once, when all but the last are gone.</summary>
internal static class IteratorUse
{
    private static readonly string[] Gathering =
    [
        "ToList", "ToArray", "ToDictionary", "ToHashSet", "ToLookup", "ToImmutableArray", "ToImmutableList", "ToListAsync", "ToArrayAsync", "First",
        "FirstOrDefault", "Last", "LastOrDefault", "Single", "ElementAt", "Reverse", "OrderBy", "Chunk",
    ];

    /// <summary>Returns whether some call of an iterator in its file certainly gathers the items, and so reads them behind their time.</summary>
    /// <param name="iterator">The method or the local function.</param>
    /// <param name="body">A body of its file.</param>
    public static bool IsReadLater(ISymbol iterator, Body body) =>
        body.Operations[0].Syntax.SyntaxTree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Any(call => NameOf(call.Expression) == iterator.Name && Gathers(call));

    private static string? NameOf(ExpressionSyntax called) => called switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private static bool Gathers(InvocationExpressionSyntax call) => call.Parent switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } access => access.Expression == call && Gathering.Contains(name),
        SpreadElementSyntax => true,
        ArgumentSyntax { Parent.Parent: ObjectCreationExpressionSyntax { Type: GenericNameSyntax { Identifier.ValueText: "List" or "Queue" or "Stack" } } } =>
            true,
        _ => false,
    };
}
