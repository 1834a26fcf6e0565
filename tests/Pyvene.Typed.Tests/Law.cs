using CsCheck;

namespace Pyvene.Typed.Tests;

/// <summary>Checks a law on generated examples that are the same in every run.</summary>
internal static class Law
{
    /// <summary>Checks the law on one example after the other; a failure names the example.</summary>
    /// <param name="examples">Generates the examples.</param>
    /// <param name="holds">Asserts the law for an example.</param>
    /// <param name="iter">How many examples.</param>
    public static void Holds<T>(this Gen<T> examples, Action<T> holds, int iter = 100)
    {
        Size? least = null;
        for (var example = 0; example < iter; example++)
        {
            var value = examples.Generate(new PCG(1, (ulong)example), least, out _);
            try
            {
                holds(value);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"The law does not hold for example {example}: {Check.Print(value)}", failure);
            }
        }
    }

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int)"/>
    public static void Holds<T1, T2>(this Gen<(T1, T2)> examples, Action<T1, T2> holds, int iter = 100) =>
        examples.Holds(value => holds(value.Item1, value.Item2), iter);

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int)"/>
    public static void Holds<T1, T2, T3>(this Gen<(T1, T2, T3)> examples, Action<T1, T2, T3> holds, int iter = 100) =>
        examples.Holds(value => holds(value.Item1, value.Item2, value.Item3), iter);

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int)"/>
    public static void Holds<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> examples, Action<T1, T2, T3, T4> holds, int iter = 100) =>
        examples.Holds(value => holds(value.Item1, value.Item2, value.Item3, value.Item4), iter);
}
