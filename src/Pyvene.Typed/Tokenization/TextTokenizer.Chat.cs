using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.ChatTemplates;

namespace Pyvene.Typed.Tokenization;

/// <content>Chat templates.</content>
public sealed partial class TextTokenizer
{
    /// <summary>Gets whether the tokenizer has a chat template.</summary>
    public bool HasChatTemplate => special.ChatTemplate is not null;

    /// <summary>Writes a conversation as the model was trained to read it.</summary>
    /// <param name="messages">The messages, the oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the text ends with what begins an answer of the model.</param>
    /// <returns>The text; encode it without adding special tokens, for the template has written them.</returns>
    /// <exception cref="ChatTemplateException">There is no template, it is malformed, or it refuses the messages.</exception>
    public string ApplyChatTemplate(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var values = messages.Select(message => (object?)new TemplateMapping(new OrderedDictionary<object, object?>
        {
            ["role"] = message.Role,
            ["content"] = message.Content,
        }));
        return ApplyChatTemplate(new TemplateList([.. values]), addGenerationPrompt, tools: null);
    }

    /// <summary>Writes a conversation as the model was trained to read it, from messages in JSON, which may have parts and tool calls.</summary>
    /// <param name="messages">An array of objects with <c>role</c> and <c>content</c>.</param>
    /// <param name="addGenerationPrompt">Whether the text ends with what begins an answer of the model.</param>
    /// <param name="tools">An array that describes the tools that the model may use; null for none.</param>
    /// <returns>The text; encode it without adding special tokens, for the template has written them.</returns>
    /// <exception cref="ChatTemplateException">There is no template, it is malformed, or it refuses the messages.</exception>
    public string ApplyChatTemplate(JsonElement messages, bool addGenerationPrompt = false, JsonElement? tools = null) =>
        ApplyChatTemplate(PythonJson.Read(messages), addGenerationPrompt, tools is { } described ? PythonJson.Read(described) : null);

    private string ApplyChatTemplate(object? messages, bool addGenerationPrompt, object? tools)
    {
        var template = chatTemplate.Value
            ?? throw new ChatTemplateException("The tokenizer has no chat template: neither chat_template in tokenizer_config.json nor chat_template.jinja is there.");
        var variables = special.ByRole.ToDictionary(entry => entry.Role, entry => (object?)entry.Token);
        variables["messages"] = messages;
        variables["tools"] = tools;
        variables["documents"] = null;
        variables["add_generation_prompt"] = addGenerationPrompt;
        return template.Render(variables);
    }
}
