using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.AddedTokens;
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
    /// <returns>The text, to be read. For ids call <see cref="EncodeChat(IEnumerable{ChatMessage}, bool, bool)"/>: in the text nothing tells a special token
    /// that the template wrote from one that a
    /// message contains.</returns>
    /// <exception cref="ChatTemplateException">There is no template, it is malformed, or it refuses the messages.</exception>
    public string ApplyChatTemplate(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = false) =>
        ApplyChatTemplate(Values(messages), addGenerationPrompt, tools: null);

    /// <summary>Gives the ids of a conversation as the model was trained to read it.</summary>
    /// <param name="messages">The messages, the oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the ids end with what begins an answer of the model.</param>
    /// <param name="specialTokensInContents">Whether a special token that a message contains is that token; by default it is text, so that nobody who writes a
    /// message can end it or begin
    /// another: <c>&lt;|im_end|&gt;</c> in a message is ten characters. A special token of a single character stays one.</param>
    /// <returns>The ids; special tokens are those that the template wrote.</returns>
    /// <exception cref="ChatTemplateException">There is no template, it is malformed, or it refuses the messages.</exception>
    /// <exception cref="TokenizerException">The tokenizer's own steps make far too much of the text, or its pattern backtracks without end.</exception>
    public IReadOnlyList<int> EncodeChat(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = false, bool specialTokensInContents = false) =>
        EncodeChat(Values(messages), addGenerationPrompt, null, specialTokensInContents);

    /// <summary>Gives the ids of a conversation as the model was trained to read it, from messages in JSON, which may have parts and tool calls.</summary>
    /// <param name="messages">An array of objects with <c>role</c> and <c>content</c>.</param>
    /// <param name="addGenerationPrompt">Whether the ids end with what begins an answer of the model.</param>
    /// <param name="tools">An array that describes the tools that the model may use; null for none.</param>
    /// <param name="specialTokensInContents">Whether a special token that a message contains is that token; by default it is text.</param>
    /// <inheritdoc cref="EncodeChat(IEnumerable{ChatMessage}, bool, bool)"/>
    public IReadOnlyList<int> EncodeChat(
        JsonElement messages, bool addGenerationPrompt = false, JsonElement? tools = null, bool specialTokensInContents = false) =>
        EncodeChat(PythonJson.Read(messages), addGenerationPrompt, tools is { } described ? PythonJson.Read(described) : null, specialTokensInContents);

    /// <summary>Writes a conversation as the model was trained to read it, from messages in JSON, which may have parts and tool calls.</summary>
    /// <param name="messages">An array of objects with <c>role</c> and <c>content</c>.</param>
    /// <param name="addGenerationPrompt">Whether the text ends with what begins an answer of the model.</param>
    /// <param name="tools">An array that describes the tools that the model may use; null for none.</param>
    /// <returns>The text, to be read; for ids call <see cref="EncodeChat(JsonElement, bool, JsonElement?, bool)"/>.</returns>
    /// <exception cref="ChatTemplateException">There is no template, it is malformed, or it refuses the messages.</exception>
    public string ApplyChatTemplate(JsonElement messages, bool addGenerationPrompt = false, JsonElement? tools = null) =>
        ApplyChatTemplate(PythonJson.Read(messages), addGenerationPrompt, tools is { } described ? PythonJson.Read(described) : null);

    private static TemplateList Values(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new TemplateList([.. messages.Select((message, index) => message is { Role: { } role, Content: { } content }
            ? (object?)new TemplateMapping(new OrderedDictionary<object, object?> { ["role"] = role, ["content"] = content })
            : throw new ArgumentException($"Message {index} is null, or its role or content is. A message without a content is given as JSON, where it may "
                + "be null.", nameof(messages)))]);
    }

    private int[] EncodeChat(object? messages, bool addGenerationPrompt, object? tools, bool specialTokensInContents)
    {
        var contents = ChatContents.Over(
            specialTokensInContents ? [] : pipeline.AddedTokens.Tokens.Where(IsControl).Select(token => token.Content),
            [special.ChatTemplate ?? "", .. ChatContents.Texts(messages), .. ChatContents.Texts(tools)]);
        var (text, marks) = contents.Strip(ApplyChatTemplate(contents.Mark(messages), addGenerationPrompt, contents.Mark(tools)));
        var splits = FollowsConfiguration && special.SplitSpecialTokens;
        Func<AddedToken, TextSpan, bool>? staysText = splits || marks.Count > 0 ? (token, span) => IsControl(token) && (splits || IsMarked(span)) : null;
        return Ids(Process([pipeline.Tokenize(text, tracksOffsets: false, staysText: staysText)], addSpecialTokens: false));

        bool IsMarked(TextSpan span)
        {
            var next = marks.BinarySearch(span.Start + 1);
            next = next < 0 ? ~next : next;
            return next < marks.Count && marks[next] < span.End;
        }
    }

    private string ApplyChatTemplate(object? messages, bool addGenerationPrompt, object? tools)
    {
        var template = chatTemplate.Value
            ?? throw new ChatTemplateException(
                "The tokenizer has no chat template: neither chat_template in tokenizer_config.json nor chat_template.jinja is there.");
        var variables = special.ByRole.ToDictionary(entry => entry.Role, entry => (object?)entry.Token);
        variables["messages"] = messages;
        variables["tools"] = tools;
        variables["documents"] = null;
        variables["add_generation_prompt"] = addGenerationPrompt;
        return template.Render(variables);
    }
}
