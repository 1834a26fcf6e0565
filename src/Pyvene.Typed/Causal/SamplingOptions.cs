namespace Pyvene.Typed.Causal;

/// <summary>Chooses how data sets are drawn. Each function may be called again when what it gave is not wanted.</summary>
public sealed record SamplingOptions
{
    /// <summary>Gets the variable whose values base inputs are balanced over, such as the output; inputs are uniform when <see langword="null"/>.</summary>
    public string? BalancedBy { get; init; }

    /// <summary>Gets what draws base inputs instead; required where an input may take any value.</summary>
    public Func<CausalRandom, CausalSetting>? Inputs { get; init; }

    /// <summary>Gets what draws the input of a source, from a variable and the value to bring about; balanced when <see langword="null"/>.</summary>
    /// <remarks>What the variable has in the source's run counts, and not the value that was asked for.</remarks>
    public Func<CausalRandom, string, CausalValue, CausalSetting>? Sources { get; init; }

    /// <summary>
    /// Gets what draws interventions: intermediate variables, at least one, and their values. When <see langword="null"/>, any set of them is as likely, with
    /// values that are balanced, or that <see cref="Inputs"/> bring about where an input may take any value.
    /// </summary>
    public Func<CausalRandom, CausalSetting>? Interventions { get; init; }

    /// <summary>Gets which draws count: whole settings of a factual set, interventions of a counterfactual one; all when <see langword="null"/>.</summary>
    public Func<CausalSetting, bool>? Filter { get; init; }

    /// <summary>Gets the intermediate variables that interventions are drawn of; null = all.</summary>
    internal IReadOnlyList<string>? Among { get; init; }
}
