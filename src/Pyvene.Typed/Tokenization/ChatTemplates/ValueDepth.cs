using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>
/// How deeply values are nested. Whatever prints, compares or hashes a value calls itself for what lies inside, so that a value nested too deeply is
/// refused where it is made, and not by each of these.
/// </summary>
internal static class ValueDepth
{
    /// <summary>The depth at which Python gives up too.</summary>
    public const int Most = 1000;

    /// <exception cref="ChatTemplateException">A value around these would be nested too deeply.</exception>
    public static int Around(IEnumerable<object?> items)
    {
        var deepest = 0;
        foreach (var item in items)
        {
            deepest = Math.Max(deepest, item switch { TemplateList list => list.Depth, TemplateMapping mapping => mapping.Depth, _ => 0 });
        }

        return deepest < Most
            ? deepest + 1
            : throw new ChatTemplateException($"Values of the chat template are nested more than {Most} deep.");
    }
}
