using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Turns what a causal model computes into examples to train and to evaluate alignments with.</summary>
public static class CausalExamples
{
    /// <summary>
    /// Turns samples into examples: base, a source for each variable, whether an example has it, and the outputs with and without the interchange as labels.
    /// </summary>
    /// <param name="samples">The samples.</param>
    /// <param name="variables">
    /// The variable that each source of the experiment stands for, in order; all intermediate ones in the model's order when <see langword="null"/>.
    /// </param>
    /// <param name="inputs">
    /// Makes what the model takes of a list of causal inputs, one row an entry; a tensor [example, numbers] of the inputs by name when <see langword="null"/>.
    /// </param>
    /// <param name="label">
    /// Returns the class, or the next token, that a whole setting of the causal model stands for; its only output as a whole number when
    /// <see langword="null"/>, where booleans are 0 and 1.
    /// </param>
    /// <returns>The examples. Their tensors belong to the current dispose scope, where there is one, and must live as long as the set is used.</returns>
    /// <exception cref="CausalModelException">
    /// A variable is not an intermediate one or stands twice, samples intervene on one that is not named, or the output is no whole number.
    /// </exception>
    public static CounterfactualSet ToExamples(
        this CounterfactualSamples samples,
        IEnumerable<string>? variables = null,
        Func<CausalSettings, ModelInputs>? inputs = null,
        Func<CausalSetting, long>? label = null)
    {
        var bits = BitsOf(samples.Given(), variables);
        var model = samples.Model;
        var given = new bool[samples.Count, bits.Length];
        for (var row = 0; row < samples.Count; row++)
        {
            for (var source = 0; source < bits.Length; source++) given[row, source] = (samples.InterventionIds[row] >> bits[source] & 1) == 1;
        }

        inputs ??= settings => settings.ToTensor(model.Inputs)!;
        label ??= setting => ClassOf(model, setting);
        return CounterfactualSet.OfTensors(
            inputs(samples.Inputs),
            [.. bits.Select(bit => inputs(samples.SourcesOf(bit)))],
            tensor(samples.Labels.Select(label).ToArray(), dtype: int64), // [example]
            tensor(given, dtype: @bool), // [example, source]
            tensor(samples.BaseLabels.Select(label).ToArray(), dtype: int64)); // [example]
    }

    /// <summary>
    /// Turns samples into examples in text, for language models: a prompt for the base and for each variable's source, which is left out where an example does
    /// not intervene on the variable, and the next tokens that are right with and without the interchange.
    /// </summary>
    /// <param name="samples">The samples.</param>
    /// <param name="prompt">Returns the prompt, one text, that an input of the causal model stands for.</param>
    /// <param name="label">Returns the next token that a whole setting of the causal model stands for, with its leading space where it has one.</param>
    /// <param name="variables">
    /// The variable that each source of the experiment stands for, in order; all intermediate ones in the model's order when <see langword="null"/>.
    /// </param>
    /// <exception cref="CausalModelException">
    /// A variable is not an intermediate one or stands twice, or samples intervene on one that is not named.
    /// </exception>
    public static CounterfactualSet ToExamples(
        this CounterfactualSamples samples, Func<CausalSetting, Prompt> prompt, Func<CausalSetting, string> label, IEnumerable<string>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(label);
        var bits = BitsOf(samples.Given(), variables);
        CausalSettings[] sources = [.. bits.Select(samples.SourcesOf)];
        return CounterfactualSet.Of(Enumerable.Range(0, samples.Count).Select(row => new Counterfactual(
            prompt(samples.Inputs[row]),
            [.. bits.Select((bit, source) => (samples.InterventionIds[row] >> bit & 1) == 1 ? prompt(sources[source][row]) : Source.Skip)],
            label(samples.Labels[row])) { BaseLabel = label(samples.BaseLabels[row]) }));
    }

    /// <summary>Returns the place of a variable among the intermediate ones.</summary>
    /// <exception cref="CausalModelException">It is none of them.</exception>
    internal static int BitOf(CausalModel model, string name) => model.Intermediates.IndexOf(name) is >= 0 and var bit ? bit : throw new CausalModelException(
        name,
        $"The variable '{name}' is not between inputs and outputs, so that no sample intervenes on it.{NearestName.Suggestion(name, model.Intermediates)} "
            + $"Expected one of {string.Join(", ", model.Intermediates)}.");

    private static int[] BitsOf(CounterfactualSamples samples, IEnumerable<string>? names)
    {
        var model = samples.Model;
        var bits = BitsOf(model, names is null ? [.. model.Intermediates] : [.. names]);
        var read = bits.Aggregate(0L, (mask, bit) => mask | 1L << bit);
        if (samples.InterventionIds.Select(id => id & ~read).FirstOrDefault(rest => rest != 0) is not 0 and var unread)
        {
            var missing = model.Intermediates.Where((_, bit) => (unread >> bit & 1) == 1).First();
            throw new CausalModelException(
                missing, $"Some samples intervene on '{missing}', which no source stands for; name it among the variables, or draw samples without it.");
        }

        return bits;
    }

    private static int[] BitsOf(CausalModel model, string[] variables)
    {
        if (variables.Length == 0) throw new CausalModelException(null, "The examples name no variable that a source stands for; name at least one.");
        if (variables.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new CausalModelException(twice.Key, $"The variable '{twice.Key}' stands twice; each source stands for another variable.");
        }

        return [.. variables.Select(name => BitOf(model, name))];
    }

    private static long ClassOf(CausalModel model, CausalSetting setting)
    {
        if (model.Outputs is not [var output])
        {
            throw new CausalModelException(
                null, $"The model has {model.Outputs.Length} outputs ({string.Join(", ", model.Outputs)}); say with 'label' which class they stand for.");
        }

        return setting[output] is { Kind: CausalValueKind.Boolean or CausalValueKind.Integer } value ? value.AsInteger() : throw new CausalModelException(
            output, $"The output '{output}' is {setting[output]}, which is not the number of a class; say with 'label' which class it stands for.");
    }
}
