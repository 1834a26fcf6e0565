namespace Pyvene.Typed.Causal;

/// <summary>Is an input of a causal model that is a C# type.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
/// <typeparam name="T">The type of the variable's values.</typeparam>
/// <param name="name">The name.</param>
/// <param name="write">Makes a value of one of C#.</param>
/// <param name="read">Makes one of C# of a value.</param>
public sealed class CausalInput<TModel, T>(string name, Func<T, CausalValue> write, Func<CausalValue, T> read) : CausalVariable<TModel, T>(name, write, read)
    where TModel : class, ICausalModel<TModel>
    where T : notnull;
