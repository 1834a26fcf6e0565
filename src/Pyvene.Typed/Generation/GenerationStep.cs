namespace Pyvene.Typed.Generation;

/// <summary>Is one step of a running generation: the token that every row got.</summary>
/// <param name="Index">The number of the step, from 0.</param>
/// <param name="Tokens">One token a row; the padding token in a row that had ended before.</param>
/// <param name="IsLast">Whether the generation has ended.</param>
public sealed record GenerationStep(int Index, IReadOnlyList<long> Tokens, bool IsLast);
