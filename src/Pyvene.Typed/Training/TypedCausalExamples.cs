using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Training;

/// <summary>Turns what a causal model that is a C# type computes into examples, by functions of its inputs and outputs as they are in C#.</summary>
public static class TypedCausalExamples
{
    /// <summary>Turns samples into examples in text, for language models: <c>samples.ToExamples(Equality.Variables.Same, input => …, same => …)</c>.</summary>
    /// <typeparam name="TCausal">The type that is the causal model.</typeparam>
    /// <typeparam name="T">The type of the output's values.</typeparam>
    /// <param name="samples">The samples, of this causal model.</param>
    /// <param name="output">The output that is right or wrong.</param>
    /// <param name="prompt">Returns the prompt, one text, that an input stands for.</param>
    /// <param name="label">Returns the next token that a value of the output stands for, with its leading space where it has one.</param>
    /// <param name="variables">
    /// The variable that each source of the experiment stands for, in order; all intermediate ones in the model's order when there is none.
    /// </param>
    /// <exception cref="CausalModelException">
    /// The samples are of another causal model, a variable stands twice, or samples intervene on one that is not named.
    /// </exception>
    public static CounterfactualSet ToExamples<TCausal, T>(
        this CounterfactualSamples samples,
        CausalOutput<TCausal, T> output,
        Func<TCausal, Prompt> prompt,
        Func<T, string> label,
        params IEnumerable<ICausalIntermediate<TCausal>> variables)
        where TCausal : class, ICausalModel<TCausal>
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(label);
        var read = ReadOf(samples, output);
        return samples.ToExamples(setting => prompt(TCausal.FromSetting(setting)), setting => label(read(setting)), NamesOf(variables));
    }

    /// <summary>Turns samples into examples of tensors: <c>samples.ToExamples(Equality.Variables.Same, same => same ? 1 : 0)</c>.</summary>
    /// <typeparam name="TCausal">The type that is the causal model.</typeparam>
    /// <typeparam name="T">The type of the output's values.</typeparam>
    /// <param name="samples">The samples, of this causal model.</param>
    /// <param name="output">The output that is right or wrong.</param>
    /// <param name="label">Returns the class, or the next token, that a value of the output stands for.</param>
    /// <param name="inputs">
    /// Makes what the model takes of a list of inputs, one row an entry; a tensor [example, numbers] of the inputs by name when <see langword="null"/>.
    /// </param>
    /// <param name="variables">
    /// The variable that each source of the experiment stands for, in order; all intermediate ones in the model's order when there is none.
    /// </param>
    /// <returns>The examples. Their tensors belong to the current dispose scope, where there is one, and must live as long as the set is used.</returns>
    /// <exception cref="CausalModelException">
    /// The samples are of another causal model, a variable stands twice, or samples intervene on one that is not named.
    /// </exception>
    public static CounterfactualSet ToExamples<TCausal, T>(
        this CounterfactualSamples samples,
        CausalOutput<TCausal, T> output,
        Func<T, long> label,
        Func<IReadOnlyList<TCausal>, ModelInputs>? inputs = null,
        params IEnumerable<ICausalIntermediate<TCausal>> variables)
        where TCausal : class, ICausalModel<TCausal>
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(label);
        var read = ReadOf(samples, output);
        return samples.ToExamples(
            NamesOf(variables),
            inputs is null ? null : settings => inputs([.. settings.Select(TCausal.FromSetting)]),
            setting => label(read(setting)));
    }

    private static Func<CausalSetting, T> ReadOf<TCausal, T>(CounterfactualSamples samples, CausalOutput<TCausal, T> output)
        where TCausal : class, ICausalModel<TCausal>
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(output);
        return ReferenceEquals(samples.Given().Model, TCausal.Model) ? output.In : throw new CausalModelException(
            output.Name, $"The samples are of another causal model than '{typeof(TCausal).Name}', whose output '{output.Name}' is named; draw them with it.");
    }

    private static string[]? NamesOf<TCausal>(IEnumerable<ICausalIntermediate<TCausal>> variables)
        where TCausal : class, ICausalModel<TCausal> => variables.Given().Select(variable => variable.Name).ToArray() is { Length: > 0 } names ? names : null;
}
