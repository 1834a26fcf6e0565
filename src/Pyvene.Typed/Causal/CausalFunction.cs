namespace Pyvene.Typed.Causal;

/// <summary>Computes a variable from its parents. It must give the same value for the same parents: the library asks once for each combination.</summary>
/// <param name="parents">The values of the parents, in their order.</param>
/// <returns>The value, within the variable's domain.</returns>
public delegate CausalValue CausalFunction(ReadOnlySpan<CausalValue> parents);
