using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>
/// What one rendering may use up, in time and in memory at once: a template comes from a file that is not trusted. A step stands for about a
/// microsecond, or for 32 bytes, so that no rendering can hold much more than 64 MB and 64 bytes a character of what it is given.
/// </summary>
/// <param name="given">The size of what the template is given, in characters and items: a long conversation may cost more.</param>
internal sealed class TemplateBudget(long given = 0)
{
    /// <summary>The longest text, in UTF-16 units, and the longest list.</summary>
    public const int LongestText = 16 << 20, LongestList = 100_000;

    private const int UnitsAStep = 16;
    private long steps = 2_000_000 + 2 * given;

    /// <summary>Counts work.</summary>
    public void Spend(long steps = 1)
    {
        this.steps -= steps;
        if (this.steps < 0)
        {
            throw new ChatTemplateException("The chat template needs too many steps, or too much memory.");
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ChatTemplateException("The chat template calls itself too deeply.");
        }
    }

    /// <summary>Asks for a text before it is made.</summary>
    public void Text(long length)
    {
        Limit(length);
        Spend(1 + length / UnitsAStep);
    }

    /// <summary>Asks for a list before it is made.</summary>
    public void List(long count)
    {
        if (count > LongestList)
        {
            throw new ChatTemplateException($"The chat template makes a list of {count} items; at most {LongestList} are allowed.");
        }

        Spend(1 + count);
    }

    /// <summary>Counts what it takes to look once at all of a text, or at the items of a list; what lies inside these is not looked at.</summary>
    public void Read(object? value) => Spend(value switch
    {
        string text => 1 + text.Length / UnitsAStep,
        TemplateList list => 1 + list.Items.Count / 4,
        TemplateMapping mapping => 1 + mapping.Entries.Count / 4,
        _ => 0,
    });

    /// <summary>Counts the arguments of a call.</summary>
    public void Read(TemplateCall call)
    {
        foreach (var argument in call.Positional)
        {
            Read(argument);
        }

        foreach (var argument in call.Named.Values)
        {
            Read(argument);
        }
    }

    /// <summary>Counts the search for one text in another, which looks at all of the part at every place in the worst case.</summary>
    public void Search(string text, string part) =>
        Spend(1 + text.Length / UnitsAStep + (part.Length > text.Length ? 0 : (text.Length - part.Length + 1L) * part.Length / 4096));

    private static void Limit(long length)
    {
        if (length > LongestText)
        {
            throw new ChatTemplateException($"The chat template makes a text of {length} characters; at most {LongestText} are allowed.");
        }
    }
}
