using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Resolves how many tokens are generated, and checks that the model has positions for them.</summary>
internal sealed class GenerationLength
{
    private const int DefaultNewTokens = 20;

    private readonly GenerationOptions options;
    private readonly long columns;
    private readonly long? positions;
    private readonly long room;

    /// <summary>Resolves the length of a generation.</summary>
    /// <exception cref="ArgumentException">The options leave no room for a token, or ask for more than the model has positions for.</exception>
    public GenerationLength(GenerationOptions options, GenerationPrompt prompt, ModelConfig config)
    {
        this.options = options;
        columns = prompt.Length;
        positions = config.ContextLength;

        // The last token is chosen, but never read, so that it needs no position.
        room = Math.Min(positions - LastPosition(prompt) ?? long.MaxValue, int.MaxValue - columns);
        NewTokens = checked((int)(options.MaxNewTokens is { } asked
            ? Within(asked, nameof(options.MaxNewTokens), options.AsRead?.MaxNewTokens, 0)
            : ByLength()));
        CheckSmallest();
    }

    /// <summary>Gets how many tokens are generated at most.</summary>
    public int NewTokens { get; }

    private static long LastPosition(GenerationPrompt prompt)
    {
        using var last = prompt.Positions.max();
        return last.Whole();
    }

    private long ByLength()
    {
        var length = options.MaxLength ?? Math.Min(columns + DefaultNewTokens, positions ?? long.MaxValue);
        return length <= columns
            ? throw new ArgumentException($"The prompt has {columns} positions, which leaves no room for a token: the largest length is {length}. Set "
                + "MaxNewTokens or a larger MaxLength.", nameof(options))
            : options.MaxLength is null ? length - columns : Within(length - columns, nameof(options.MaxLength), options.AsRead?.MaxLength - columns, columns);
    }

    /// <summary>Returns how many tokens are generated; what a file asks for ends where the model does, what a program asks for must fit.</summary>
    private long Within(long asked, string option, long? read, long before) => asked <= room || asked == read
        ? Math.Min(asked, Math.Max(room, 1))
        : throw new ArgumentException(
            $"{option} is {asked + before}, but {(positions is { } known ? $"the model has {known} positions" : "a text can have that many tokens only")}: "
                + $"behind a prompt of {columns} the largest possible is {Math.Max(room, 0) + before}.", option);

    // A smallest length of a file is a wish for long texts, which a program's shorter largest one overrules.
    private void CheckSmallest()
    {
        if (options.MinNewTokens > NewTokens && options.MinNewTokens != options.AsRead?.MinNewTokens)
        {
            throw new ArgumentException($"MinNewTokens is {options.MinNewTokens}, but at most {NewTokens} tokens are generated.", nameof(options.MinNewTokens));
        }

        if (options.MinNewTokens is null && options.MinLength > columns + NewTokens && options.MinLength != options.AsRead?.MinLength)
        {
            throw new ArgumentException(
                $"MinLength is {options.MinLength}, but with its prompt a text has at most {columns + NewTokens} tokens.", nameof(options.MinLength));
        }
    }
}
