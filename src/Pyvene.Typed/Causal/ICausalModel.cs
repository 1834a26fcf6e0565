namespace Pyvene.Typed.Causal;

/// <summary>Is what the generator adds to a type with <see cref="CausalModelAttribute"/>; an instance of it is an input.</summary>
/// <typeparam name="TSelf">The type.</typeparam>
public interface ICausalModel<TSelf>
    where TSelf : class, ICausalModel<TSelf>
{
    /// <summary>Gets the untyped model.</summary>
    static abstract CausalModel Model { get; }

    /// <summary>Returns the input that a setting describes; it sets every input.</summary>
    /// <param name="setting">The setting.</param>
    static abstract TSelf FromSetting(CausalSetting setting);

    /// <summary>Returns the values of the inputs, by name.</summary>
    CausalSetting ToSetting();
}
