namespace Pyvene.Typed.Causal;

/// <summary>Is a variable that can be interchanged, of whatever type its values are: <see cref="CausalIntermediate{TModel, T}"/>.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
public interface ICausalIntermediate<TModel>
    where TModel : class, ICausalModel<TModel>
{
    /// <summary>Gets the name.</summary>
    string Name { get; }
}
