using System.Text;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.ChatTemplates;

namespace Pyvene.Typed.Tokenization;

/// <summary>
/// Marks what looks like a control token in the contents of messages, so that it can be told in the rendered conversation from what the template writes. The
/// mark is one letter that occurs
/// nowhere else, put inside of the look-alike: a template that trims, compares or cuts contents does the same with it, unless it looks for that very token.
/// </summary>
/// <param name="tokens">The texts of the control tokens.</param>
/// <param name="mark">The letter.</param>
internal sealed class ChatContents(IReadOnlyList<string> tokens, char mark)
{
    // Letters without case that are rare in any text: the Yi syllables, then the Hangul ones.
    private const char FirstMark = '\uA000', LastMark = '\uD7A3';

    /// <summary>Chooses a letter that occurs nowhere.</summary>
    /// <param name="tokens">The texts of the control tokens; those of one character cannot be marked inside.</param>
    /// <param name="texts">All that may be in the conversation: the template and the messages.</param>
    /// <exception cref="ChatTemplateException">There is no such letter.</exception>
    public static ChatContents Over(IEnumerable<string> tokens, IEnumerable<string> texts)
    {
        var known = tokens.Distinct(StringComparer.Ordinal).ToList();
        var used = new HashSet<char>();
        foreach (var text in texts.Concat(known))
        {
            used.UnionWith(text.Where(character => character is >= FirstMark and <= LastMark));
        }

        for (var mark = FirstMark; mark <= LastMark; mark++)
        {
            if (!used.Contains(mark) && char.IsLetter(mark))
            {
                return new ChatContents([.. known.Where(token => token.Length > 1)], mark);
            }
        }

        throw new ChatTemplateException("The conversation uses every letter from U+A000 to U+D7A3, so that no mark is left to keep its contents apart from "
            + "the template's own tokens.");
    }

    /// <summary>Gives all texts of a value of a template.</summary>
    public static IEnumerable<string> Texts(object? value) => value switch
    {
        string text => [text],
        TemplateList list => list.Items.SelectMany(Texts),
        TemplateMapping mapping => mapping.Entries.SelectMany(entry => Texts(entry.Key).Concat(Texts(entry.Value))),
        _ => [],
    };

    /// <summary>Gives a value with its texts marked; the names of its fields stay as they are.</summary>
    public object? Mark(object? value) => value switch
    {
        string text => Mark(text),
        TemplateList list => new TemplateList([.. list.Items.Select(Mark)], list.IsTuple),
        TemplateMapping mapping => new TemplateMapping(
            new OrderedDictionary<object, object?>(mapping.Entries.Select(entry => new KeyValuePair<object, object?>(entry.Key, Mark(entry.Value))))),
        _ => value,
    };

    /// <summary>Takes the marks out of a rendered conversation.</summary>
    /// <param name="rendered">The conversation.</param>
    /// <returns>The text and, in order, the places between two of its characters where a mark stood.</returns>
    public (string Text, List<int> Marks) Strip(string rendered)
    {
        var places = new List<int>();
        for (var index = rendered.IndexOf(mark); index >= 0; index = rendered.IndexOf(mark, index + 1))
        {
            places.Add(index - places.Count);
        }

        return (rendered.Replace(mark.ToString(), "", StringComparison.Ordinal), places);
    }

    // Whole tokens, and their beginnings and ends at the edges, which what stands beside in the conversation might complete.
    private string Mark(string text)
    {
        var places = new SortedSet<int>();
        var (start, end) = (text.Length - text.TrimStart().Length, text.TrimEnd().Length);
        foreach (var token in tokens)
        {
            for (var index = text.IndexOf(token, StringComparison.Ordinal); index >= 0; index = text.IndexOf(token, index + 1, StringComparison.Ordinal))
            {
                places.Add(index + 1);
            }

            for (var length = 2; length < token.Length && length <= end - start; length++)
            {
                if (text.AsSpan(end - length, length).SequenceEqual(token.AsSpan(0, length)))
                {
                    places.Add(end - length + 1);
                }

                if (text.AsSpan(start, length).SequenceEqual(token.AsSpan(token.Length - length)))
                {
                    places.Add(start + length - 1);
                }
            }
        }

        var (marked, reached) = (new StringBuilder(text.Length + places.Count), 0);
        foreach (var place in places)
        {
            marked.Append(text, reached, place - reached).Append(mark);
            reached = place;
        }

        return marked.Append(text, reached, text.Length - reached).ToString();
    }
}
