using System.Globalization;
using System.Text;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Analysis;

/// <summary>Lists the likeliest next tokens behind every prompt, before and after the interventions; it prints as a table. Immutable.</summary>
public sealed class TopTokens
{
    private TopTokens(IReadOnlyList<TopTokensOfExample> examples) => Examples = examples;

    /// <summary>Gets the tokens of every example.</summary>
    public IReadOnlyList<TopTokensOfExample> Examples { get; }

    internal static TopTokens Of(Tensor? clean, Tensor intervened, long[] columns, TextTokenizer tokenizer, Prompt prompt, int count)
    {
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "At least one token is listed for every prompt; TopTokens(5) lists five.");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var after = Best(intervened);
        var before = clean is null ? null : Best(clean);
        return new TopTokens([.. Enumerable.Range(0, columns.Length)
            .Select(row => new TopTokensOfExample(prompt.Texts.ElementAtOrDefault(row) ?? $"example {row}", before?[row], after[row]))]);

        IReadOnlyList<TokenProbability>[] Best(Tensor logits)
        {
            var last = LogitsSelection.At(tensor(columns, dtype: int64, device: logits.device)).Select(logits)!.squeeze(1); // [batch, vocab]
            return TokenProbability.Rows(last.to(float32).softmax(-1), tokenizer.TokenText, count);
        }
    }

    /// <summary>Returns the table as text: one block an example, the clean run on the left.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var example in Examples)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(example);
        }

        return text.ToString();
    }
}

/// <summary>Lists the likeliest next tokens behind one prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Before">The tokens of the clean run, likeliest first; <see langword="null"/> when it was left out.</param>
/// <param name="After">The tokens of the intervened run, likeliest first.</param>
public sealed record TopTokensOfExample(string Prompt, IReadOnlyList<TokenProbability>? Before, IReadOnlyList<TokenProbability> After)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        if (After is not { Count: > 0 }) return Prompt ?? "";
        var width = (Before ?? []).Concat(After).Max(token => token.Shown.Length);
        var text = new StringBuilder().Append(Prompt).Append('\n');
        text.Append(Before is null ? "" : $"{"before".PadRight(width + 8)} | ").Append("after\n");
        for (var rank = 0; rank < After.Count; rank++)
        {
            text.Append(Before is null ? "" : $"{Cell(Before[rank])} | ").Append(Cell(After[rank]).TrimEnd()).Append('\n');
        }

        return text.ToString();

        string Cell(TokenProbability token) => string.Create(CultureInfo.InvariantCulture, $"{token.Shown.PadRight(width)} {100 * token.Probability,6:F2}%");
    }
}

/// <summary>Is a token and how likely it is.</summary>
/// <param name="Text">The token's text, such as <c>" Rome"</c> with its space.</param>
/// <param name="Id">The token's id.</param>
/// <param name="Probability">The probability, 0 to 1.</param>
public sealed record TokenProbability(string Text, int Id, float Probability)
{
    /// <summary>Gets the text with its spaces and line ends made visible, as pyvene's <c>format_token</c> prints it: <c>_Rome</c>.</summary>
    public string Shown => Text is null ? "" : Text.Replace(' ', '_').Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Lists the likeliest tokens of a distribution of your own, such as one that was read off a layer (pyvene's <c>top_vals</c>).</summary>
    /// <param name="probabilities">The probability of every token: [vocab], floating point; it stays the caller's.</param>
    /// <param name="text">Returns a token's text by its id: <c>model.Tokenizer.TokenText</c>.</param>
    /// <param name="count">How many, at least 1; fewer where there are fewer tokens.</param>
    /// <returns>The tokens, likeliest first.</returns>
    /// <exception cref="ArgumentException">The probabilities have another shape, or the count is below 1.</exception>
    public static IReadOnlyList<TokenProbability> Likeliest(Tensor probabilities, Func<int, string> text, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (probabilities.ndim != 1 || probabilities.numel() == 0 || !probabilities.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected the probabilities of one place, [vocab], but these are {probabilities.dtype} [{string.Join(", ", probabilities.shape)}].",
                nameof(probabilities));
        }

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return Rows(probabilities.unsqueeze(0).to(float32), text, count)[0];
    }

    /// <summary>Lists the likeliest tokens of every row.</summary>
    /// <param name="probabilities">[batch, vocab], float32.</param>
    /// <param name="text">Returns a token's text by its id.</param>
    /// <param name="count">How many.</param>
    internal static IReadOnlyList<TokenProbability>[] Rows(Tensor probabilities, Func<int, string> text, int count)
    {
        var (values, indices) = probabilities.topk((int)Math.Min(count, probabilities.shape[1]), -1); // [batch, count]
        var (numbers, ids) = (values.cpu().data<float>().ToArray(), indices.cpu().data<long>().ToArray());
        var (rows, width) = ((int)probabilities.shape[0], (int)values.shape[1]);
        return [.. Enumerable.Range(0, rows).Select(row => (IReadOnlyList<TokenProbability>)[.. Enumerable.Range(row * width, width)
            .Select(at => new TokenProbability(text((int)ids[at]), (int)ids[at], numbers[at]))])];
    }
}
