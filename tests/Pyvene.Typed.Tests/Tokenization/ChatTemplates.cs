using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.ChatTemplates;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>Renders chat templates.</summary>
internal static class ChatTemplates
{
    public static string Render(string template, string variables = "{}")
    {
        using var document = JsonDocument.Parse(variables);
        return ChatTemplate.Parse(template)
            .Render(document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => PythonJson.Read(member.Value)));
    }

    /// <summary>Gives the text, or what the refusal says.</summary>
    public static string Outcome(string template)
    {
        try
        {
            return Render(template);
        }
        catch (ChatTemplateException refusal)
        {
            return refusal.Message;
        }
    }
}
