using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is a number that is read off the next-token logits of a run, such as the probability of a token. Immutable.</summary>
public sealed class Metric
{
    private readonly Func<TextTokenizer?, Func<Tensor, Tensor, Tensor>> prepare;

    private readonly string[] tokens;

    private Metric(string name, Func<TextTokenizer?, Func<Tensor, Tensor, Tensor>> prepare, bool comparesWithClean = false, params string[] tokens)
    {
        Name = name;
        this.tokens = tokens;
        ComparesWithClean = comparesWithClean;
        this.prepare = prepare;
    }

    /// <summary>Gets the name that tables show, such as <c>p(" Rome")</c>.</summary>
    /// <remarks>
    /// Where a token is named without a space and there is one with a space too, results say in their metric's name which of the two was measured.
    /// </remarks>
    public string Name { get; }

    /// <summary>Returns the probability, 0 to 1, of a token.</summary>
    /// <param name="token">The token's text, with its leading space where it has one: <c>" Rome"</c>; <c>"Rome"</c> is another token in most
    /// vocabularies.</param>
    public static Metric Probability(string token) =>
        new($"p(\"{token}\")", tokenizer => Column(Id(tokenizer, token), static logits => logits.softmax(-1)), tokens: token);

    /// <summary>Returns the logit of a token.</summary>
    /// <param name="token">The token's text, with its leading space where it has one.</param>
    public static Metric Logit(string token) => new($"logit(\"{token}\")", tokenizer => Column(Id(tokenizer, token), static logits => logits), tokens: token);

    /// <summary>Returns the difference of two tokens' logits (the measure of Wang et al. 2022 for indirect objects).</summary>
    /// <param name="token">The token that counts for it.</param>
    /// <param name="other">The token that counts against it.</param>
    public static Metric LogitDifference(string token, string other) => new(
        $"logit(\"{token}\") − logit(\"{other}\")",
        tokenizer =>
        {
            var (left, right) = (Id(tokenizer, token), Id(tokenizer, other));
            return (logits, _) => logits.select(1, left) - logits.select(1, right); // [batch]
        },
        tokens: [token, other]);

    /// <summary>Returns how many tokens are likelier than a token: 0 = it is the likeliest.</summary>
    /// <param name="token">The token's text, with its leading space where it has one.</param>
    public static Metric Rank(string token) => new(
        $"rank(\"{token}\")",
        tokenizer =>
        {
            var id = Id(tokenizer, token);
            return (logits, _) => logits.gt(logits.narrow(1, id, 1)).sum(1).to(float32); // [batch]
        },
        tokens: token);

    /// <summary>
    /// Gets how far the next-token distribution is from the clean run's: the Kullback–Leibler divergence of the intervened from the clean one, in nats, at
    /// least 0.
    /// </summary>
    public static Metric DivergenceFromClean { get; } = new(
        "KL(clean ‖ intervened)",
        _ => static (logits, clean) =>
        {
            var (after, before) = (logits.log_softmax(-1), clean.log_softmax(-1)); // [batch, vocab]
            return (before.exp() * (before - after)).sum(1); // [batch]
        },
        comparesWithClean: true);

    /// <summary>Returns a metric of your own.</summary>
    /// <param name="name">The name that tables show.</param>
    /// <param name="function">Takes float32 logits of the next token, [batch, vocab], and returns one floating-point number an example, [batch]; anything else
    /// is refused when it is measured.</param>
    public static Metric Of(string name, Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(name.Given(), _ => (logits, _) => Checked(name, logits, function(logits.clone())));
    }

    /// <summary>Returns a metric of your own that compares with the clean run.</summary>
    /// <param name="name">The name that tables show.</param>
    /// <param name="function">Takes float32 logits of the next token, intervened and clean, each [batch, vocab], and returns one floating-point number an
    /// example, [batch]; anything else is refused when it is measured.</param>
    public static Metric Of(string name, Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(name.Given(), _ => (logits, clean) => Checked(name, logits, function(logits.clone(), clean.clone())), comparesWithClean: true);
    }

    /// <summary>Returns the name that results show, which says what was measured where a token of the same letters begins with a space.</summary>
    internal string NameFor(TextTokenizer? tokenizer)
    {
        var others = tokens.Where(token =>
            tokenizer is not null && !token.StartsWith(' ') && tokenizer.TryGetId(token, out _) && tokenizer.TryGetId(" " + token, out _))
            .Select(token => $"\"{token}\" has no space, \" {token}\" is another token").Distinct().ToList();
        return others.Count == 0 ? Name : $"{Name} [{string.Join("; ", others)}]";
    }

    /// <summary>Gets whether the clean run is read too.</summary>
    internal bool ComparesWithClean { get; }

    /// <summary>Returns the function of this metric for a tokenizer.</summary>
    /// <exception cref="InterventionException">A token's text is not one token.</exception>
    internal Func<Tensor, Tensor, Tensor> For(TextTokenizer? tokenizer) => prepare(tokenizer);

    /// <summary>
    /// Checks what a function of the user's returned: one floating-point number an example. The function itself gets copies, so that what it writes into them
    /// counts nowhere else.
    /// </summary>
    private static Tensor Checked(string name, Tensor logits, Tensor? numbers)
    {
        var fact = numbers is null ? "null"
            : numbers.IsInvalid ? "a tensor that is disposed"
            : !numbers.shape.SequenceEqual([logits.shape[0]]) || !numbers.is_floating_point() ? $"{numbers.dtype} of shape [{string.Join(", ", numbers.shape)}]"
            : numbers.device_type != logits.device_type && numbers.device_type != TorchSharp.DeviceType.CPU ? $"a tensor on {numbers.device}"
            : null;
        return fact is null ? numbers! : throw new InterventionException(
            "metric", $"The function of the metric '{name}' returned {fact}; expected one floating-point number an example, [{logits.shape[0]}], from logits "
                + $"of shape [{string.Join(", ", logits.shape)}]. Sum or choose along the last axis only, and convert with to(float32).");
    }

    private static Func<Tensor, Tensor, Tensor> Column(int id, Func<Tensor, Tensor> transform) => (logits, _) => transform(logits).select(1, id); // [batch]

    private static int Id(TextTokenizer? tokenizer, string token)
    {
        if (tokenizer is null)
        {
            throw new InterventionException("metric", $"The metric names the token \"{token}\", but the model has no tokenizer; use Metric.Of with ids.");
        }

        if (tokenizer.TryGetId(token, out var id))
        {
            return id;
        }

        var pieces = string.Join(", ", tokenizer.Encode(token, addSpecialTokens: false).Select(piece => $"\"{tokenizer.TokenText(piece)}\""));
        var spaced = !token.StartsWith(' ') && tokenizer.TryGetId(" " + token, out _) ? $" Did you mean \" {token}\", with its space?" : "";
        throw new InterventionException("metric", $"\"{token}\" is not one token but {(pieces.Length == 0 ? "none" : pieces)}.{spaced}");
    }
}
