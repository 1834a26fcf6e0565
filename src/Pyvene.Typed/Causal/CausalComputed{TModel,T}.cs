namespace Pyvene.Typed.Causal;

/// <summary>Is a variable that a causal model, which is a C# type, computes from others.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
/// <typeparam name="T">The type of the variable's values.</typeparam>
public abstract class CausalComputed<TModel, T> : CausalVariable<TModel, T>
    where TModel : class, ICausalModel<TModel>
    where T : notnull
{
    private readonly Func<CausalValue, T> read;

    private protected CausalComputed(string name, Func<T, CausalValue> write, Func<CausalValue, T> read)
        : base(name, write, read) => this.read = read;

    /// <summary>Returns for each value the settings of the parents that bring it about, the last parent changing fastest.</summary>
    /// <exception cref="Errors.CausalModelException">A parent or the variable may take any value, or there are too many combinations.</exception>
    public IReadOnlyDictionary<T, IReadOnlyList<CausalSetting>> EquivalenceClasses() =>
        TModel.Model.EquivalenceClasses(Name).ToDictionary(pair => read(pair.Key), pair => pair.Value);
}
