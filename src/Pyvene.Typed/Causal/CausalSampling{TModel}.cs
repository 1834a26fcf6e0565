using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Chooses how data sets of a causal model that is a C# type are drawn.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
public sealed record CausalSampling<TModel>
    where TModel : class, ICausalModel<TModel>
{
    /// <summary>Gets the variable whose values base inputs are balanced over, such as the output; inputs are uniform when <see langword="null"/>.</summary>
    public CausalVariable<TModel>? BalancedBy { get; init; }

    /// <summary>Gets what counterfactual sets intervene on, any set of them at a time; all intermediate variables when <see langword="null"/>.</summary>
    public IReadOnlyList<ICausalIntermediate<TModel>>? Variables { get; init; }

    /// <summary>Gets what draws base inputs instead, and there the values to bring about; required where an input may take any value.</summary>
    public Func<CausalRandom, TModel>? Inputs { get; init; }

    /// <summary>Gets what draws the input of a source, from what it should bring about; balanced when <see langword="null"/>.</summary>
    /// <remarks>What the variable has in the source's run counts, and not the value that was asked for.</remarks>
    public Func<CausalRandom, CausalAssignment<TModel>, TModel>? Sources { get; init; }

    /// <summary>Returns the same choices for the untyped model.</summary>
    /// <exception cref="CausalModelException"><see cref="Variables"/> is empty, or names a variable twice.</exception>
    public SamplingOptions ToOptions()
    {
        var names = Variables?.Select(variable => variable.Name).ToArray();
        if (names is { Length: 0 or > 62 } || names?.Distinct(StringComparer.Ordinal).Count() < names?.Length)
        {
            throw new CausalModelException(
                null, $"The variables to intervene on are {(names.Length == 0 ? "none" : string.Join(", ", names))}; name 1 to 62, each once.");
        }

        return new SamplingOptions
        {
            BalancedBy = BalancedBy?.Name,
            Inputs = Inputs is { } inputs ? random => Checked(inputs(random)).ToSetting() : null,
            Sources = Sources is { } sources ? (random, name, value) => Checked(sources(random, new CausalAssignment<TModel>(name, value))).ToSetting() : null,
            Among = names,
        };
    }

    private static TModel Checked(TModel? input) => input ?? throw new CausalModelException(null, "The sampler of an input returned null; expected an input.");
}
