using System.Collections.Immutable;
using System.ComponentModel;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Is what the generated members of causal models call; programs call those.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CausalRuns
{
    /// <summary>Computes all variables but those that are set.</summary>
    /// <typeparam name="TModel">The type that is the causal model.</typeparam>
    /// <param name="input">The input.</param>
    /// <param name="set">What is set, each variable once.</param>
    /// <exception cref="CausalModelException">A variable is set twice, or a value lies outside its domain.</exception>
    public static CausalSetting Run<TModel>(TModel input, IEnumerable<CausalAssignment<TModel>> set)
        where TModel : class, ICausalModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(set);
        var (setting, seen) = (input.ToSetting(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var one in set)
        {
            ArgumentNullException.ThrowIfNull(one, nameof(set));
            if (!seen.Add(one.Variable)) throw new CausalModelException(one.Variable, $"The variable '{one.Variable}' is set twice; set it once.");
            setting = setting.With(one.Variable, one.Value);
        }

        return TModel.Model.Run(setting);
    }

    /// <summary>Computes all variables where some have the values that they have in other runs.</summary>
    /// <typeparam name="TModel">The type that is the causal model.</typeparam>
    /// <param name="base">The base input.</param>
    /// <param name="sources">Variables, each with the input whose run gives its value.</param>
    public static CausalSetting Interchange<TModel>(TModel @base, IEnumerable<(ICausalIntermediate<TModel> Variable, TModel Source)> sources)
        where TModel : class, ICausalModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(@base);
        ArgumentNullException.ThrowIfNull(sources);
        return TModel.Model.Interchange(@base.ToSetting(), sources.Select(pair =>
        {
            ArgumentNullException.ThrowIfNull(pair.Variable, nameof(sources));
            ArgumentNullException.ThrowIfNull(pair.Source, nameof(sources));
            return (pair.Variable.Name, pair.Source.ToSetting());
        }));
    }

    /// <summary>Returns all inputs, the last one by name changing fastest.</summary>
    /// <typeparam name="TModel">The type that is the causal model.</typeparam>
    public static IEnumerable<TModel> Inputs<TModel>()
        where TModel : class, ICausalModel<TModel> => TModel.Model.InputSettings().Select(TModel.FromSetting);

    /// <summary>Returns the values of an enum or another domain as values of the model.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="values">The values.</param>
    /// <param name="write">Makes a value of one of C#.</param>
    public static IEnumerable<CausalValue> Values<T>(IEnumerable<T> values, Func<T, CausalValue> write) => values.Select(write).ToImmutableArray();

    /// <summary>Returns whole numbers in a row.</summary>
    /// <param name="first">The first.</param>
    /// <param name="last">The last.</param>
    public static IEnumerable<CausalValue> Between(long first, long last)
    {
        for (var value = first; value <= last; value++) yield return value;
    }
}
