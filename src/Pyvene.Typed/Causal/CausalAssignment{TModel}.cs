namespace Pyvene.Typed.Causal;

/// <summary>Says that a variable has a value: <c>Equality.Variables.WX.Is(true)</c>. Immutable.</summary>
/// <typeparam name="TModel">The type that is the causal model.</typeparam>
public sealed record CausalAssignment<TModel>
    where TModel : class, ICausalModel<TModel>
{
    internal CausalAssignment(string variable, CausalValue value) => (Variable, Value) = (variable, value);

    /// <summary>Gets the name of the variable.</summary>
    public string Variable { get; }

    /// <summary>Gets its value.</summary>
    public CausalValue Value { get; }

    /// <summary>Draws an input that brings the value about, as <see cref="CausalModel.SampleBalancedInput"/> does.</summary>
    /// <param name="random">The source of chance.</param>
    /// <exception cref="Errors.CausalModelException">No input brings the value about, or the variable's ancestors have open domains.</exception>
    public TModel SampleInput(CausalRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return TModel.FromSetting(TModel.Model.SampleBalancedInput(random, Variable, Value));
    }

    /// <summary>Returns the assignment as code writes it.</summary>
    public override string ToString() => $"{Variable} = {Value}";
}
