using System.Text;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A text in the making: each part is asked of the budget before it is taken, once for the part and once for the text that comes of it.</summary>
internal sealed class TemplateText(TemplateBudget budget)
{
    private readonly StringBuilder text = new();
    private long owed;

    public TemplateText Append(string part)
    {
        Ask(part.Length);
        text.Append(part);
        return this;
    }

    public TemplateText Append(char part)
    {
        Ask(1);
        text.Append(part);
        return this;
    }

    public TemplateText Append(ReadOnlySpan<char> part)
    {
        Ask(part.Length);
        text.Append(part);
        return this;
    }

    public TemplateText Append(string part, long times)
    {
        if (part.Length > 0 && times > 0)
        {
            Ask(part.Length * Math.Min(times, int.MaxValue));
            text.Insert(text.Length, part, (int)times);
        }

        return this;
    }

    public override string ToString() => text.ToString();

    // Eight characters are a step: 16 bytes here and 16 in the text that comes of it. Short parts are counted together.
    private void Ask(long length)
    {
        if (text.Length + length > TemplateBudget.LongestText)
        {
            budget.Text(text.Length + length);
        }

        owed += length;
        if (owed >= 128)
        {
            budget.Spend(owed / 8);
            owed %= 8;
        }
    }
}
