using System.Collections.Immutable;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is a number that is read off the next-token logits of a run, such as the probability of a token. Immutable.</summary>
/// <remarks>
/// Metrics of the library are data: two that read the same are equal, and they are saved as JSON. Those of your own are equal when they have one function.
/// </remarks>
public sealed partial class Metric : IEquatable<Metric>
{
    private const int NamedTokens = 4;
    private const double RelativeRounding = 1e-5;

    private readonly MetricKind kind;
    private readonly ImmutableArray<string> tokens;
    private readonly ImmutableArray<string> others;
    private readonly Delegate? function;

    private Metric(MetricKind kind, string name, ImmutableArray<string> tokens, ImmutableArray<string> others, Delegate? function = null)
    {
        this.kind = kind;
        this.tokens = tokens;
        this.others = others;
        this.function = function;
        Name = name;
    }

    /// <summary>Gets the name that tables show, such as <c>p(" Rome")</c>.</summary>
    /// <remarks>
    /// Where a token is named without a space and there is one with a space too, results say in their metric's name which of the two was measured.
    /// </remarks>
    public string Name { get; }

    /// <summary>Gets what compares with the clean run: how far the next-token distribution is from it, the Kullback–Leibler divergence of the intervened from
    /// the clean one, in nats, at least 0.</summary>
    public static Metric DivergenceFromClean { get; } = new(MetricKind.DivergenceFromClean, "KL(clean ‖ intervened)", [], []);

    /// <summary>Returns the probability, 0 to 1, of a token.</summary>
    /// <param name="token">The token's text, with its leading space where it has one: <c>" Rome"</c>; <c>"Rome"</c> is another token in most
    /// vocabularies.</param>
    public static Metric Probability(string token) => OfTokens(MetricKind.Probability, [token.Given()]);

    /// <summary>Returns the probability, 0 to 1, of a token of its own for each prompt.</summary>
    /// <param name="tokens">The tokens' texts, one an example, in their order; another number of examples is refused before anything runs.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Metric Probability(IReadOnlyList<string> tokens) => OfTokens(MetricKind.Probability, Checked(tokens));

    /// <summary>Returns the logit of a token.</summary>
    /// <param name="token">The token's text, with its leading space where it has one.</param>
    public static Metric Logit(string token) => OfTokens(MetricKind.Logit, [token.Given()]);

    /// <summary>Returns the logit of a token of its own for each prompt.</summary>
    /// <inheritdoc cref="Probability(IReadOnlyList{string})"/>
    public static Metric Logit(IReadOnlyList<string> tokens) => OfTokens(MetricKind.Logit, Checked(tokens));

    /// <summary>Returns the difference of two tokens' logits (the measure of Wang et al. 2022 for indirect objects).</summary>
    /// <param name="token">The token that counts for it.</param>
    /// <param name="other">The token that counts against it.</param>
    public static Metric LogitDifference(string token, string other) => OfTokens(MetricKind.LogitDifference, [token.Given()], [other.Given()]);

    /// <summary>Returns the difference of two tokens' logits, with a pair of its own for each prompt.</summary>
    /// <param name="pairs">The token that counts for it and the one that counts against it, one pair an example, in their order; another number of examples is
    /// refused before anything runs.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Metric LogitDifference(IReadOnlyList<(string Token, string Other)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return OfTokens(
            MetricKind.LogitDifference, Checked([.. pairs.Select(pair => pair.Token)]), Checked([.. pairs.Select(pair => pair.Other)]));
    }

    /// <summary>Returns how many tokens are likelier than a token: 0 = it is the likeliest.</summary>
    /// <param name="token">The token's text, with its leading space where it has one.</param>
    public static Metric Rank(string token) => OfTokens(MetricKind.Rank, [token.Given()]);

    /// <summary>Returns how many tokens are likelier than a token of its own for each prompt: 0 = it is the likeliest.</summary>
    /// <inheritdoc cref="Probability(IReadOnlyList{string})"/>
    public static Metric Rank(IReadOnlyList<string> tokens) => OfTokens(MetricKind.Rank, Checked(tokens));

    /// <summary>
    /// Returns 1 where a token is the likeliest, else 0; the mean over examples whose right tokens are known is their accuracy, for counterfactual ones the
    /// interchange intervention accuracy (Geiger et al. 2021; pyvene's <c>evaluate</c>).
    /// </summary>
    /// <param name="token">The token's text, with its leading space where it has one.</param>
    public static Metric IsLikeliest(string token) => OfTokens(MetricKind.IsLikeliest, [token.Given()]);

    /// <summary>Returns 1 where a token of its own for each prompt is the likeliest, else 0: accuracy, as the mean over the prompts.</summary>
    /// <inheritdoc cref="Probability(IReadOnlyList{string})"/>
    public static Metric IsLikeliest(IReadOnlyList<string> tokens) => OfTokens(MetricKind.IsLikeliest, Checked(tokens));

    /// <summary>Returns a metric of your own.</summary>
    /// <param name="name">The name that tables show.</param>
    /// <param name="function">Takes float32 logits of the next token, [batch, vocab], and returns one floating-point number an example, [batch]; anything else
    /// is refused when it is measured.</param>
    public static Metric Of(string name, Func<Tensor, Tensor> function) => new(MetricKind.Own, name.Given(), [], [], function.Given());

    /// <summary>Returns a metric of your own that compares with the clean run.</summary>
    /// <param name="name">The name that tables show.</param>
    /// <param name="function">Takes float32 logits of the next token, intervened and clean, each [batch, vocab], and returns one floating-point number an
    /// example, [batch]; anything else is refused when it is measured.</param>
    public static Metric Of(string name, Func<Tensor, Tensor, Tensor> function) => new(MetricKind.Own, name.Given(), [], [], function.Given());

    /// <inheritdoc/>
    public bool Equals(Metric? other) =>
        other is not null && kind == other.kind && tokens.SequenceEqual(other.tokens) && others.SequenceEqual(other.others)
        && Equals(function, other.function) && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Metric);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(kind, Name);

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>Returns the name that results show, which says what was measured where a token of the same letters begins with a space.</summary>
    internal string NameFor(TextTokenizer? tokenizer)
    {
        var alike = tokens.Concat(others).Where(token =>
            tokenizer is not null && !token.StartsWith(' ') && tokenizer.TryGetId(token, out _) && tokenizer.TryGetId(" " + token, out _))
            .Select(token => $"\"{token}\" has no space, \" {token}\" is another token").Distinct().ToList();
        return alike.Count == 0 ? Name
            : $"{Name} [{string.Join("; ", alike.Take(NamedTokens))}{(alike.Count > NamedTokens ? $"; and {alike.Count - NamedTokens} more" : "")}]";
    }

    /// <summary>Returns the largest difference that rounding alone makes between equal values: those of float32 runs that share their work.</summary>
    /// <param name="largest">The largest absolute value that was read.</param>
    internal double Rounding(double largest) => Math.Max(RelativeRounding * largest, kind switch
    {
        MetricKind.Probability => 1e-7,
        MetricKind.Logit or MetricKind.LogitDifference => 1e-4, // a small difference of large logits has their rounding
        _ => 1e-6,
    });

    /// <summary>Gets whether the clean run is read too.</summary>
    internal bool ComparesWithClean => kind == MetricKind.DivergenceFromClean || function is Func<Tensor, Tensor, Tensor>;

    /// <summary>Returns the function of this metric for a tokenizer: of the logits and the clean ones, each [batch, vocab], to [batch].</summary>
    /// <param name="tokenizer">The tokenizer; null = there is none.</param>
    /// <param name="examples">How many examples there will be.</param>
    /// <exception cref="InterventionException">A token's text is not one token, or there are not as many tokens as examples.</exception>
    internal Func<Tensor, Tensor, Tensor> For(TextTokenizer? tokenizer, int examples)
    {
        if (tokens.Length > 1 && tokens.Length != examples)
        {
            throw new InterventionException("metric", $"'{Name}' has {tokens.Length} {(others.IsEmpty ? "tokens" : "pairs of tokens")}, but the base has "
                + $"{examples} {(examples == 1 ? "example" : "examples")}; give one for all of them, or one for each, in their order.");
        }

        int[] ids = [.. tokens.Select(token => Id(tokenizer, token))];
        int[] against = [.. others.Select(token => Id(tokenizer, token))];
        return kind switch
        {
            MetricKind.Probability => (logits, _) => At(logits.softmax(-1), ids),
            MetricKind.Logit => (logits, _) => At(logits, ids),
            MetricKind.LogitDifference => (logits, _) => At(logits, ids) - At(logits, against),
            MetricKind.Rank => (logits, _) => logits.gt(At(logits, ids).unsqueeze(1)).sum(1).to(float32),
            MetricKind.IsLikeliest => (logits, _) => IsLikeliestIn(logits, ids),
            MetricKind.DivergenceFromClean => Divergence,
            _ when function is Func<Tensor, Tensor> own => (logits, _) => Checked(Name, logits, Called(logits, () => own(logits.clone()))),
            _ => (logits, clean) => Checked(
                Name, logits, Called(logits, () => ((Func<Tensor, Tensor, Tensor>)function!)(logits.clone(), clean.clone()))),
        };
    }

    private Tensor Called(Tensor logits, Func<Tensor> own)
    {
        try
        {
            return own();
        }
        catch (Exception error) when (NativeFault.Of(error) is { } fault)
        {
            throw new InterventionException(
                "metric", $"The function of the metric '{Name}' {fault} It was given logits [{string.Join(", ", logits.shape)}] of {logits.dtype}.", error);
        }
    }

    private static Metric OfTokens(MetricKind kind, ImmutableArray<string> tokens, ImmutableArray<string> others = default)
    {
        var (left, right) = (Named(tokens), others.IsDefault ? "" : Named(others));
        return new(
            kind,
            kind switch
            {
                MetricKind.Probability => $"p({left})",
                MetricKind.Logit => $"logit({left})",
                MetricKind.Rank => $"rank({left})",
                MetricKind.IsLikeliest => $"likeliest is {left}",
                _ => $"logit({left}) − logit({right})",
            },
            tokens,
            others.IsDefault ? [] : others);

        static string Named(ImmutableArray<string> all) => string.Join(", ", all.Take(NamedTokens).Select(token => $"\"{token}\""))
            + (all.Length > NamedTokens ? $", … {all.Length}" : "");
    }

    private static ImmutableArray<string> Checked(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return tokens.Count > 0 && tokens.All(token => token is not null)
            ? [.. tokens]
            : throw new ArgumentException("A metric needs at least one token, and none that is null.", nameof(tokens));
    }

    /// <summary>Returns the columns of one token for all examples, or of one an example: [batch].</summary>
    private static Tensor At(Tensor logits, int[] ids) => ids.Length == 1
        ? logits.select(1, ids[0])
        : logits.gather(1, tensor([.. ids.Select(id => (long)id)], [ids.Length, 1], device: logits.device)).squeeze(1);

    private static Tensor IsLikeliestIn(Tensor logits, int[] ids)
    {
        using var right = tensor([.. ids.Select(id => (long)id)], device: logits.device); // [1 or batch]
        return logits.argmax(1).eq(right).to(float32); // [batch]
    }

    private static Tensor Divergence(Tensor logits, Tensor clean)
    {
        var (after, before) = (logits.log_softmax(-1), clean.log_softmax(-1)); // [batch, vocab]
        return (before.exp() * (before - after)).sum(1); // [batch]
    }

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

    private static int Id(TextTokenizer? tokenizer, string token) => TokenNames.IdOf(tokenizer, token, "metric", "use Metric.Of with ids");
}
