using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Turns names of descriptors into names of C#.</summary>
internal static class CSharpNames
{
    // An assembly takes 1023 bytes, and the compiler adds to a name what it makes of it.
    private const int LongestName = 128;

    private static readonly HashSet<string> Keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern "
            + "false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override "
            + "params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof "
            + "uint ulong unchecked unsafe ushort using virtual void volatile while __arglist __makeref __reftype __refvalue").Split(' '),
        StringComparer.Ordinal);

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
    public static string Escaped(string name) => Keywords.Contains(name) ? "@" + name : name;

    /// <summary>
    /// Returns whether a name can be a type's. The compiler drops invisible characters in names, and refuses names that are too long for an assembly.
    /// </summary>
    /// <param name="name">The name.</param>
    public static bool IsTypeName(string name) => name.Length <= LongestName && IsIdentifier(name) && char.IsUpper(name[0]);

    /// <summary>Returns whether a name can be a namespace.</summary>
    /// <param name="name">The name, with dots.</param>
    public static bool IsNamespace(string name) =>
        name.Length <= LongestName && name.Split('.').All(part => IsIdentifier(part) && !Keywords.Contains(part));

    /// <summary>
    /// Returns the namespace that a project's <c>RootNamespace</c> stands for, as the SDK's templates write it: <c>3d-models</c> becomes <c>_3d_models</c>.
    /// </summary>
    /// <param name="name">The project's property: often the name of its file, which need be none of C#.</param>
    public static string NamespaceFrom(string name)
    {
        var parts = name.Split('.')
            .Select(part => string.Concat(part.Trim().Select(letter => IsIdentifier("_" + letter) ? letter : '_')))
            .Where(part => part.Length > 0)
            .Select(part => Keywords.Contains(part) ? "@" + part : IsIdentifier(part) ? part : "_" + part);
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

    private static bool IsIdentifier(string name) => name.Length > 0 && IsStart(name[0]) && name.All(letter => IsStart(letter) || IsPart(letter));

    private static bool IsStart(char letter) => letter == '_' || char.IsLetter(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.LetterNumber;

    private static bool IsPart(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;
}
