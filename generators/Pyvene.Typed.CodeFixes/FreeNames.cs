using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.CodeFixes;

/// <summary>Finds names for new locals.</summary>
internal static class FreeNames
{
    /// <summary>Returns a name that nothing in sight has: the wanted one, or that with a number.</summary>
    /// <param name="wanted">The wanted name, a word in camel case.</param>
    /// <param name="place">The statement that becomes the local's declaration.</param>
    /// <param name="model">What the compiler knows of the file.</param>
    public static string Like(string wanted, SyntaxNode place, SemanticModel model)
    {
        // Names of the whole member, also of blocks before and behind: C# lets no local hide another one.
        SyntaxNode? member = place.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax)
            ?? place.SyntaxTree.GetRoot();
        var taken = new HashSet<string>(member.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        taken.UnionWith(model.LookupSymbols(place.SpanStart).Select(symbol => symbol.Name));
        return Enumerable.Range(1, int.MaxValue - 1)
            .Select(number => number == 1 ? wanted : wanted + number.ToString(CultureInfo.InvariantCulture))
            .First(name => !taken.Contains(name));
    }
}
