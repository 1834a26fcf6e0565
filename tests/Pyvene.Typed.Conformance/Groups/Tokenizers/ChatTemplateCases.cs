using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.ChatTemplates;

namespace Pyvene.Typed.Conformance.Groups.Tokenizers;

/// <summary>Chat templates one by one: a template, the variables that it sees, and the text that it writes or the refusal.</summary>
internal static class ChatTemplateCases
{
    private static readonly string[] Variables =
    [
        "messages", "tools", "documents", "add_generation_prompt", "bos_token", "eos_token", "unk_token", "pad_token",
    ];

    public static void Check(GoldenCase golden, Comparison comparison)
    {
        var variables = Variables.Where(name => golden.Json.TryGetProperty(name, out _))
            .ToDictionary(name => name, name => PythonJson.Read(golden.Json.GetProperty(name)));
        Compare(comparison, () => ChatTemplate.Parse(golden.Required("template").GetString()!).Render(variables), golden.Text("text"), golden.Text("message"));
    }

    /// <summary>Compares the text that a template writes; without one it must refuse, with the given message if there is one.</summary>
    public static string? Compare(Comparison comparison, Func<string> render, string? text, string? message)
    {
        try
        {
            var rendered = render();
            if (text is null) comparison.Fail("the template was to refuse the messages, and did not");
            else comparison.Exact("text", rendered, text);
            return rendered;
        }
        catch (ChatTemplateException refusal)
        {
            if (text is not null) comparison.Fail(refusal.Message);
            else if (message is not null) comparison.Exact("message", refusal.Raised, message);
            return null;
        }
    }
}
