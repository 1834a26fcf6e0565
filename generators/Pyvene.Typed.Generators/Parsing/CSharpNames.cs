using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Turns names of descriptors into names of C#.</summary>
internal static class CSharpNames
{
    // An assembly takes 1023 bytes, and the compiler adds to a name what it makes of it.
    private const int LongestName = 128;

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

    /// <summary>Returns a name of C# as code: a keyword has <c>@</c> before it.</summary>
    /// <param name="name">The name.</param>
    public static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>
    /// Returns whether a name can be a type's. The compiler drops invisible characters in names, and refuses names that are too long for an assembly.
    /// </summary>
    /// <param name="name">The name.</param>
    public static bool IsTypeName(string name) => name.Length <= LongestName && IsIdentifier(name) && char.IsUpper(name[0]);

    /// <summary>Returns whether a name can be a namespace.</summary>
    /// <param name="name">The name, with dots.</param>
    public static bool IsNamespace(string name) =>
        name.Length <= LongestName && name.Split('.').All(part => IsIdentifier(part) && SyntaxFacts.GetKeywordKind(part) == SyntaxKind.None);

    /// <summary>
    /// Returns the namespace that a project's <c>RootNamespace</c> stands for, as the SDK's templates write it: <c>3d-models</c> becomes <c>_3d_models</c>.
    /// </summary>
    /// <param name="name">The project's property: often the name of its file, which need be none of C#.</param>
    public static string NamespaceFrom(string name)
    {
        var parts = name.Split('.')
            .Select(part => string.Concat(part.Trim().Select(letter => IsIdentifier("_" + letter) ? letter : '_')))
            .Where(part => part.Length > 0)
            .Select(part => SyntaxFacts.GetKeywordKind(part) != SyntaxKind.None ? "@" + part : IsIdentifier(part) ? part : "_" + part);
        return string.Join(".", parts) is { Length: <= LongestName } space ? space : "";
    }

    /// <summary>Returns whether a name is in snake case, with at most one stack before a dot: <c>encoder.mlp_output</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsComponentName(string name) => name.Length <= LongestName && name.Split('.') is { Length: 1 or 2 } parts && parts.All(IsSnake);

    /// <summary>Returns whether a name is in snake case.</summary>
    /// <param name="name">The name.</param>
    public static bool IsSnake(string name) =>
        name.Length is > 0 and <= LongestName
        && name[0] is >= 'a' and <= 'z'
        && name.All(letter => letter is '_' or (>= 'a' and <= 'z') or (>= '0' and <= '9'));

    /// <summary>Returns whether a name is in camel case, as sizes are: <c>dModel</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsCamel(string name) =>
        name.Length is > 0 and <= LongestName
        && name[0] is >= 'a' and <= 'z'
        && name.All(letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'));

    private static bool IsIdentifier(string name) =>
        SyntaxFacts.IsValidIdentifier(name) && !name.Any(letter => char.GetUnicodeCategory(letter) == UnicodeCategory.Format);
}
