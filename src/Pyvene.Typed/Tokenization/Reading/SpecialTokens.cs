using System.Globalization;
using System.Text;
using System.Text.Json;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>What the files beside a tokenizer say about its special tokens.</summary>
internal sealed class SpecialTokens
{
    private static readonly string[] Roles =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly Dictionary<string, AddedTokenSpec> byRole = [];

    /// <summary>Gets the tokens that the tokenizer has in addition to those of its own file, in the order in which they get their ids.</summary>
    public List<AddedTokenSpec> Added { get; } = [];

    /// <summary>Gets whether a byte-level pre-tokenizer puts a space before the text; null where the configuration does not say.</summary>
    public bool? AddPrefixSpace { get; private set; }

    /// <summary>Gets whether the beginning token is put before a text, where no file spells out a post-processor.</summary>
    public bool AddBosToken { get; private set; }

    /// <summary>Gets the Python class of the tokenizer.</summary>
    public string? TokenizerClass { get; private set; }

    /// <summary>Gets the source of the chat template; null where there is none.</summary>
    public string? ChatTemplate { get; private set; }

    /// <summary>Gets the roles that are named, with their tokens.</summary>
    public IEnumerable<(string Role, string Token)> ByRole => byRole.Select(entry => (entry.Key, entry.Value.Content));

    /// <summary>Gives the token of a role such as <c>bos_token</c>.</summary>
    public string? this[string role] => byRole.GetValueOrDefault(role)?.Content;

    /// <summary>Reads what is there of <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c>.</summary>
    public static SpecialTokens Read(string folder)
    {
        var tokens = new SpecialTokens();
        var configFile = Path.Combine(folder, "tokenizer_config.json");
        var mapFile = Path.Combine(folder, "special_tokens_map.json");
        var addedFile = Path.Combine(folder, "added_tokens.json");
        if (File.Exists(configFile))
        {
            tokens.ReadConfiguration(TokenizerFile.Read(configFile));
        }

        var templateFile = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(templateFile))
        {
            tokens.ChatTemplate = Encoding.UTF8.GetString(TokenizerFile.ReadBytes(templateFile));
        }

        if (File.Exists(mapFile))
        {
            tokens.ReadRoles(TokenizerFile.Read(mapFile));
        }

        if (File.Exists(addedFile))
        {
            tokens.Added.AddRange(TokenizerFile.Read(addedFile).Members()
                .Select(member => new AddedTokenSpec(member.Name) { Id = member.Value.Integer() }));
        }

        tokens.Added.AddRange(tokens.byRole.Values);
        return tokens;
    }

    /// <summary>Takes the one special token of GPT-2 for every role, where no file names any.</summary>
    public void AssumeGpt2()
    {
        if (byRole.Count > 0)
        {
            return;
        }

        var endOfText = new AddedTokenSpec("<|endoftext|>") { IsSpecial = true };
        foreach (var role in (string[])["bos_token", "eos_token", "unk_token"])
        {
            byRole.Add(role, endOfText);
        }

        Added.Add(endOfText);
    }

    private void ReadConfiguration(JsonPlace config)
    {
        TokenizerClass = config["tokenizer_class"].OptionalString();
        AddPrefixSpace = config["add_prefix_space"] is { Exists: true } prefix ? prefix.Boolean(false) : null;
        AddBosToken = config["add_bos_token"].Boolean(false);
        if (config["added_tokens_decoder"] is { Exists: true } added)
        {
            foreach (var (name, token) in added.Members())
            {
                Added.Add(AddedTokenSpec.Read(token) with
                {
                    Id = int.TryParse(name, CultureInfo.InvariantCulture, out var id)
                        ? id
                        : throw token.Error($"'{name}' is no id"),
                });
            }
        }

        ChatTemplate = ReadChatTemplate(config["chat_template"]);
        ReadRoles(config);
    }

    // One template, or several with names, of which one is called "default".
    private static string? ReadChatTemplate(JsonPlace place) => place.Element.ValueKind == JsonValueKind.Array
        ? place.Items().FirstOrDefault(named => named["name"].String() == "default") is { Exists: true } named ? named["template"].String() : null
        : place.OptionalString();

    private void ReadRoles(JsonPlace place)
    {
        foreach (var role in Roles)
        {
            if (place[role] is { Exists: true } token && !byRole.ContainsKey(role))
            {
                byRole[role] = AddedTokenSpec.Read(token) with { IsSpecial = true };
            }
        }

        foreach (var name in (string[])["additional_special_tokens", "extra_special_tokens"])
        {
            if (place[name] is { Element.ValueKind: JsonValueKind.Array } extra)
            {
                Added.AddRange(extra.Items().Select(token => AddedTokenSpec.Read(token) with { IsSpecial = true }));
            }
        }
    }
}
