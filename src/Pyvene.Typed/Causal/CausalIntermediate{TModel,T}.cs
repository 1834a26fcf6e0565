namespace Pyvene.Typed.Causal;

/// <summary>Is a variable between inputs and outputs of a causal model that is a C# type: it can be interchanged.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
/// <typeparam name="T">The type of the variable's values.</typeparam>
/// <param name="name">The name.</param>
/// <param name="write">Makes a value of one of C#.</param>
/// <param name="read">Makes one of C# of a value.</param>
public sealed class CausalIntermediate<TModel, T>(string name, Func<T, CausalValue> write, Func<CausalValue, T> read)
    : CausalComputed<TModel, T>(name, write, read), ICausalIntermediate<TModel>
    where TModel : class, ICausalModel<TModel>
    where T : notnull;
