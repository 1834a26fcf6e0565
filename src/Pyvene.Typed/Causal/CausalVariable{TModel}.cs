using System.Collections.Immutable;

namespace Pyvene.Typed.Causal;

/// <summary>Is a variable of a causal model that is a C# type. The generator makes them: <c>Equality.Variables.WX</c>.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
public abstract class CausalVariable<TModel>
    where TModel : class, ICausalModel<TModel>
{
    private protected CausalVariable(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets when the variable is computed: the length of the longest path from an input; outputs come last.</summary>
    public int TimeStep => TModel.Model.TimeSteps[Name];

    /// <summary>Gets the names of the variables that this one is computed from.</summary>
    public ImmutableArray<string> Parents => TModel.Model.Parents(Name);

    /// <summary>Gets the names of the variables that are computed from this one.</summary>
    public ImmutableArray<string> Children => TModel.Model.Children(Name);

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
