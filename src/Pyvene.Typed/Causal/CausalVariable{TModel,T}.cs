using System.Collections.Immutable;

namespace Pyvene.Typed.Causal;

/// <summary>Is a variable of a causal model that is a C# type, with the type of its values.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
/// <typeparam name="T">The type of the variable's values.</typeparam>
public abstract class CausalVariable<TModel, T> : CausalVariable<TModel>
    where TModel : class, ICausalModel<TModel>
    where T : notnull
{
    private readonly Func<T, CausalValue> write;
    private readonly Func<CausalValue, T> read;

    private protected CausalVariable(string name, Func<T, CausalValue> write, Func<CausalValue, T> read)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        (this.write, this.read) = (write, read);
    }

    /// <summary>Gets the values that the variable may take.</summary>
    /// <value>Null when it may take any.</value>
    public ImmutableArray<T>? Values => TModel.Model.Values(Name) is { } values ? [.. values.Select(read)] : null;

    /// <summary>Says that the variable has a value, for a run in which it is not computed.</summary>
    /// <param name="value">The value.</param>
    public CausalAssignment<TModel> Is(T value) => new(Name, write(value));

    /// <summary>Returns the variable's value in a setting, such as an example of a data set.</summary>
    /// <param name="setting">A setting that has one.</param>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public T In(CausalSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return read(setting[Name]);
    }
}
