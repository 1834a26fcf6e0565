using System.Globalization;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Reads C#'s indices and ranges from JSON.</summary>
internal static class IndexJson
{
    /// <summary>Reads a range such as <c>1..^1</c>.</summary>
    public static Range Range(this JsonPlace place)
    {
        var text = place.String();
        var separator = text.IndexOf("..", StringComparison.Ordinal);
        return separator >= 0 && TryIndex(text[..separator], 0, out var start) && TryIndex(text[(separator + 2)..], ^0, out var end)
            ? start..end
            : throw place.Wrong("a range such as \"1..^1\"");
    }

    /// <summary>Reads an index: a whole number from the start, or a text such as <c>^1</c> from the end.</summary>
    public static Index Index(this JsonPlace place)
    {
        if (place.IsString)
        {
            return TryIndex(place.String(), null, out var index) ? index : throw place.Wrong("a number, or a text such as \"^1\"");
        }

        var value = place.Integer();
        return value >= 0 ? value : throw place.Wrong("a number from 0; count from the end with \"^1\"");
    }

    private static bool TryIndex(string text, Index? whenEmpty, out Index index)
    {
        index = whenEmpty ?? default;
        if (text.Length == 0)
        {
            return whenEmpty is not null;
        }

        var fromEnd = text[0] == '^';
        if (!int.TryParse(fromEnd ? text.AsSpan(1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        index = new Index(value, fromEnd);
        return true;
    }
}
