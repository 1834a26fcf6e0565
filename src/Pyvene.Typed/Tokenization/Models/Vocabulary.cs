namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> spans;
    private readonly string?[] tokens;

    /// <param name="ids">The tokens; it is kept, not copied.</param>
    /// <exception cref="FormatException">An id is negative or far beyond the number of tokens, or two tokens have one.</exception>
    public Vocabulary(Dictionary<string, int> ids)
    {
        // Ids index an array here and rows of an embedding elsewhere: a vocabulary may have gaps, not an id of two billion.
        var limit = 4L * ids.Count + 65_536;
        var largest = -1;
        foreach (var (token, id) in ids)
        {
            if (id < 0 || id >= limit)
            {
                throw new FormatException($"the token '{token}' has the id {id}; a vocabulary of {ids.Count} tokens may have ids from 0 to {limit - 1}");
            }

            largest = Math.Max(largest, id);
        }

        this.ids = ids;
        spans = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        tokens = new string[largest + 1];
        foreach (var (token, id) in ids)
        {
            tokens[id] = tokens[id] is { } other ? throw new FormatException($"the tokens '{other}' and '{token}' have one id, {id}") : token;
        }
    }

    /// <param name="tokens">The tokens, each at its id; of two that are equal the later has the text, and both ids stay.</param>
    public Vocabulary(string[] tokens)
    {
        ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++)
        {
            ids[tokens[id]] = id;
        }

        spans = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        this.tokens = tokens;
    }

    /// <summary>Gets the tokens with their ids.</summary>
    public IReadOnlyDictionary<string, int> Entries => ids;

    /// <summary>Gets the number of tokens.</summary>
    public int Count => ids.Count;

    /// <summary>Gets the smallest id beyond all tokens.</summary>
    public int End => tokens.Length;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => spans.TryGetValue(token, out id);

    /// <summary>Gives the token of an id; null where there is none.</summary>
    public string? Token(int id) => (uint)id < (uint)tokens.Length ? tokens[id] : null;
}
