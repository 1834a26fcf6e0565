namespace Pyvene.Typed;

/// <summary>Says what a metric reads.</summary>
internal enum MetricKind
{
    /// <summary>The probability of a token.</summary>
    Probability,

    /// <summary>The logit of a token.</summary>
    Logit,

    /// <summary>The difference of two tokens' logits.</summary>
    LogitDifference,

    /// <summary>How many tokens are likelier than a token.</summary>
    Rank,

    /// <summary>Whether a token is the likeliest.</summary>
    IsLikeliest,

    /// <summary>The divergence from the clean run.</summary>
    DivergenceFromClean,

    /// <summary>What a function of the program's own returns.</summary>
    Own,
}
