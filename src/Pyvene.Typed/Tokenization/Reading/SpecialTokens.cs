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
    private readonly List<string> unread = [];
    private JsonPlace configuration; // the root of tokenizer_config.json, where there is one

    /// <summary>Gets the tokens that the tokenizer has in addition to those of its own file, in the order in which they get their ids.</summary>
    public List<AddedTokenSpec> Added { get; } = [];

    /// <summary>Gets whether a byte-level pre-tokenizer puts a space before the text; null where the configuration does not say.</summary>
    public bool? AddPrefixSpace { get; private set; }

    /// <summary>Gets whether the beginning token is put before a text; null where the configuration does not say.</summary>
    public bool? AddBosToken { get; private set; }

    /// <summary>Gets whether the ending token is put behind a text; null where the configuration does not say.</summary>
    public bool? AddEosToken { get; private set; }

    /// <summary>Gets whether special tokens in a text are text.</summary>
    public bool SplitSpecialTokens { get; private set; }

    /// <summary>Gets whether decoding takes out spaces before punctuation.</summary>
    public bool CleanUp { get; private set; }

    /// <summary>Gets the side that rows are padded at; null where the configuration does not say.</summary>
    public TextSide? PaddingSide { get; private set; }

    /// <summary>Gets the side that texts are cut at; null where the configuration does not say.</summary>
    public TextSide? TruncationSide { get; private set; }

    /// <summary>Gets the length that texts are cut to where none is asked for; null where the configuration names none that a text can have.</summary>
    public int? MaximumLength { get; private set; }

    /// <summary>Gets the fields of the files that nothing here reads, each behind its file: <c>tokenizer_config.json: do_lower_case</c>.</summary>
    public IReadOnlyList<string> Unread => unread;

    /// <summary>Gets the Python class of the tokenizer.</summary>
    public string? TokenizerClass { get; private set; }

    /// <summary>Gets whether Llama's class normalises the text between special tokens, as it first did; null where the configuration does not say.</summary>
    public bool? IsLegacy { get; private set; }

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
            var map = TokenizerFile.Read(mapFile);
            tokens.Tell(mapFile, TokenizerFields.Check(map));
            tokens.ReadRoles(map);
        }

        if (File.Exists(addedFile))
        {
            var added = TokenizerFile.Read(addedFile);
            tokens.Added.AddRange(
                added.Members().Select(member => new AddedTokenSpec(AddedTokenSpec.Bounded(added, member.Name)) { Id = member.Value.Integer() }));
        }

        tokens.Added.AddRange(tokens.byRole.Values);
        return tokens;
    }

    /// <summary>Takes the tokens of roles and the template from a file that has its tokenizer in it.</summary>
    /// <param name="roles">The roles, such as <c>bos_token</c>, with their tokens.</param>
    /// <param name="chatTemplate">The source of the template; null where there is none.</param>
    public static SpecialTokens Of(IEnumerable<(string Role, string Token)> roles, string? chatTemplate)
    {
        var special = new SpecialTokens { ChatTemplate = chatTemplate };
        foreach (var (role, token) in roles)
        {
            special.byRole[role] = new AddedTokenSpec(token) { IsSpecial = true };
        }

        special.Added.AddRange(special.byRole.Values);
        return special;
    }

    /// <summary>Notes fields of a file that nothing here reads.</summary>
    public void Tell(string file, IEnumerable<string> fields) => unread.AddRange(fields.Select(field => $"{Path.GetFileName(file)}: {field}"));

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

    /// <summary>Takes the class that the model's configuration stands for, where no file of the tokenizer names one.</summary>
    /// <param name="folder">The folder of the model.</param>
    public void AssumeClass(string folder) => TokenizerClass ??= TokenizerClasses.Of(folder);

    /// <summary>Takes a token for a role that no file names.</summary>
    /// <param name="role">The role, such as <c>cls_token</c>.</param>
    /// <param name="token">What its class in transformers has for it.</param>
    public void Assume(string role, string token)
    {
        if (byRole.TryAdd(role, new AddedTokenSpec(token) { IsSpecial = true }))
        {
            Added.Add(byRole[role]);
        }
    }

    /// <summary>Gives what the configuration has BERT's normalizer do, with the defaults of transformers; from then on these fields count as read.</summary>
    public BertNormalization TakeBert()
    {
        unread.RemoveAll(field => BertNormalization.Fields.Any(name => field == $"tokenizer_config.json: {name}"));
        return configuration.Element.ValueKind == JsonValueKind.Undefined ? new(true, null, true)
            : new(Of("do_lower_case") ?? true, Of("strip_accents"), Of("tokenize_chinese_chars") ?? true);

        bool? Of(string field) => Flag(configuration[field]);
    }

    private void ReadConfiguration(JsonPlace config)
    {
        configuration = config;
        Tell(config.Origin.Name, TokenizerFields.Check(config));
        TokenizerClass = config["tokenizer_class"].OptionalString();
        AddPrefixSpace = Flag(config["add_prefix_space"]);
        IsLegacy = Flag(config["legacy"]);
        AddBosToken = Flag(config["add_bos_token"]);
        AddEosToken = Flag(config["add_eos_token"]);
        SplitSpecialTokens = config["split_special_tokens"].Boolean(false);
        CleanUp = config["clean_up_tokenization_spaces"].Boolean(false);
        PaddingSide = Side(config["padding_side"]);
        TruncationSide = Side(config["truncation_side"]);
        MaximumLength = Length(config["model_max_length"] is { Exists: true } length ? length : config["max_len"]);
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

    private static bool? Flag(JsonPlace place) => place.Exists ? place.Boolean(false) : null;

    private static TextSide? Side(JsonPlace place) => place.OptionalString() switch
    {
        null => null,
        "left" => TextSide.Left,
        "right" => TextSide.Right,
        _ => throw place.Wrong("'left' or 'right'"),
    };

    // transformers writes 1e30 for "no bound".
    private static int? Length(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        var length = place.Element.GetDouble();
        return length < 1 ? throw place.Wrong("a length of at least 1")
            : length > int.MaxValue ? null
            : place.Integer();
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
            if (place[name] is { Exists: true } extra)
            {
                var tokens = extra.Element.ValueKind == JsonValueKind.Object ? extra.Members().Select(member => member.Value) : extra.Items();
                Added.AddRange(tokens.Select(token => AddedTokenSpec.Read(token) with { IsSpecial = true }));
            }
        }
    }
}
