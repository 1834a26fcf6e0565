using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>What one rendering may use up: a template comes from a file that is not trusted.</summary>
internal sealed class TemplateBudget
{
    /// <summary>The longest text, in UTF-16 units, and the longest list.</summary>
    public const int LongestText = 16 << 20, LongestList = 100_000;

    private long steps = 2_000_000;

    /// <summary>Counts work; copying 64 characters is one step.</summary>
    public void Spend(long steps = 1)
    {
        this.steps -= steps;
        if (this.steps < 0)
        {
            throw new ChatTemplateException("The chat template needs too many steps.");
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
        Spend(1 + (length >> 6));
    }

    /// <summary>Refuses a text that grows beyond what is allowed.</summary>
    public static void Limit(long length)
    {
        if (length > LongestText)
        {
            throw new ChatTemplateException($"The chat template makes a text of {length} characters; at most {LongestText} are allowed.");
        }
    }

    /// <summary>Asks for a list before it is made.</summary>
    public void List(long count)
    {
        if (count > LongestList)
        {
            throw new ChatTemplateException($"The chat template makes a list of {count} items; at most {LongestList} are allowed.");
        }

        Spend(1 + (count >> 3));
    }
}
