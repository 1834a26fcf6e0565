namespace Pyvene.Typed.Causal;

/// <summary>
/// Makes a type of your own a causal model: its parameters, or properties with <c>init</c>, are inputs; every property with a body is a variable that is
/// computed from what it reads; what nothing reads is an output. The generator adds <c>Variables</c>, <c>Run</c>, <c>Interchange</c>, data sets and the
/// <see cref="CausalModel"/> behind them.
/// </summary>
/// <remarks>
/// The type must be a partial class or record. Variables are <see cref="bool"/>, enums, whole numbers, numbers, texts or <see cref="CausalValue"/>; the first
/// two have their values as domain, the others may take any unless <see cref="BetweenAttribute"/> or <see cref="OneOfAttribute"/> says which.
/// </remarks>
/// <example>
/// <code>
/// [CausalModel]
/// public sealed partial record Equality(Symbol W, Symbol X, Symbol Y, Symbol Z)
/// {
///     public bool WX => W == X;
///     public bool YZ => Y == Z;
///     public bool Same => WX == YZ;
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CausalModelAttribute : Attribute;
