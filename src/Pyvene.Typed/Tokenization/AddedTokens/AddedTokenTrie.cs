namespace Pyvene.Typed.Tokenization.AddedTokens;

/// <summary>Finds added tokens in text: the leftmost, and of those that start at one place the longest.</summary>
internal sealed class AddedTokenTrie
{
    private readonly Node root = new();

    public bool IsEmpty { get; private set; } = true;

    public void Add(string content, AddedToken token)
    {
        var node = root;
        foreach (var character in content)
        {
            node = node.Find(character) ?? node.Add(character);
        }

        node.Token = token;
        IsEmpty = false;
    }

    /// <summary>Finds the next token at or behind <paramref name="from"/>.</summary>
    public (TextSpan Span, AddedToken Token)? Find(ReadOnlySpan<char> text, int from)
    {
        for (var start = from; start < text.Length; start++)
        {
            if (Longest(text, start) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private (TextSpan Span, AddedToken Token)? Longest(ReadOnlySpan<char> text, int start)
    {
        (TextSpan, AddedToken)? longest = null;
        var node = root;
        for (var end = start; end < text.Length && node.Find(text[end]) is { } child;)
        {
            node = child;
            end++;
            if (node.Token is { } token)
            {
                longest = (new TextSpan(start, end), token);
            }
        }

        return longest;
    }

    private sealed class Node
    {
        // Most nodes have one child, and a table for each would be most of the memory.
        private Node? only;
        private char onlyCharacter;
        private Dictionary<char, Node>? others;

        public AddedToken? Token { get; set; }

        public Node? Find(char character) => only is not null && onlyCharacter == character ? only : others?.GetValueOrDefault(character);

        public Node Add(char character)
        {
            var child = new Node();
            if (only is null)
            {
                (only, onlyCharacter) = (child, character);
            }
            else
            {
                (others ??= []).Add(character, child);
            }

            return child;
        }
    }
}
