using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Turns names of descriptors into names of C#.</summary>
internal static class CSharpNames
{
    /// <summary>Returns a name in Pascal case: <c>mlp_output</c> becomes <c>MlpOutput</c>.</summary>
    /// <param name="name">The name.</param>
    public static string Pascal(string name)
    {
        var result = new StringBuilder();
        foreach (var word in name.Split('_').Where(word => word.Length > 0))
        {
            result.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        }

        return result.ToString();
    }

    /// <summary>Returns a name in camel case: <c>Fc1</c> becomes <c>fc1</c>.</summary>
    /// <param name="name">The name, in Pascal case.</param>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>Returns whether a name can be a type's.</summary>
    /// <param name="name">The name.</param>
    public static bool IsTypeName(string name) => SyntaxFacts.IsValidIdentifier(name) && char.IsUpper(name[0]);

    /// <summary>Returns whether a name can be a namespace.</summary>
    /// <param name="name">The name, with dots.</param>
    public static bool IsNamespace(string name) =>
        name.Split('.').All(part => SyntaxFacts.IsValidIdentifier(part) && SyntaxFacts.GetKeywordKind(part) == SyntaxKind.None);

    /// <summary>Returns whether a name is in snake case, with at most one stack before a dot: <c>encoder.mlp_output</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsComponentName(string name) => name.Split('.') is { Length: 1 or 2 } parts && parts.All(IsSnake);

    /// <summary>Returns whether a name is in snake case.</summary>
    /// <param name="name">The name.</param>
    public static bool IsSnake(string name) =>
        name.Length > 0 && name[0] is >= 'a' and <= 'z' && name.All(letter => letter is '_' or (>= 'a' and <= 'z') or (>= '0' and <= '9'));

    /// <summary>Returns whether a name is in camel case, as sizes are: <c>dModel</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsCamel(string name) =>
        name.Length > 0 && name[0] is >= 'a' and <= 'z' && name.All(letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'));
}
