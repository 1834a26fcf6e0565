using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Makes permutations, and tells how far a rotation is from one: a rotation that only permutes reads single neurons, so that its parts need no mixing.
/// </summary>
public static class PermutationMatrix
{
    /// <summary>Returns a random permutation matrix (pyvene's <c>random_permutation_matrix</c>), to start a rotation with or to compare one with.</summary>
    /// <param name="size">The number of rows, at least 1.</param>
    /// <param name="seed">The seed; <see langword="null"/> = TorchSharp's own random numbers.</param>
    /// <returns>A fresh tensor [size, size], float32, with one 1 in every row and column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static Tensor Random(int size, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        using var scope = NewDisposeScope();
        using var generator = seed is { } given ? new Generator((ulong)(long)given, CPU) : null;
        return eye(size).index_select(0, randperm(size, generator: generator)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Returns how far a square matrix is from a permutation (pyvene's <c>closeness_to_permutation_loss</c>): half of how far rows and columns are from summing
    /// to 1, on average, plus the mean of r · (1 − r) over its entries. It is 0 for permutations, and below 0 where entries lie outside of 0 to 1.
    /// </summary>
    /// <param name="rotation">[size, size], floating point; it stays the caller's.</param>
    /// <returns>A fresh tensor [], with gradients to the matrix.</returns>
    /// <exception cref="ArgumentException">The tensor is no square matrix of floating-point numbers.</exception>
    public static Tensor Loss(Tensor rotation)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        if (rotation.ndim != 2 || rotation.shape[0] != rotation.shape[1] || rotation.shape[0] == 0 || !rotation.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected a square matrix of floating-point numbers, but this is {rotation.dtype} [{string.Join(", ", rotation.shape)}].", nameof(rotation));
        }

        using var scope = NewDisposeScope();
        var sums = Off(0).add(Off(1), Scalars.Of(1)).mul(Scalars.Of(0.5)); // []
        return sums.add(rotation.mul(rotation.neg().add(Scalars.Of(1), Scalars.Of(1))).mean(), Scalars.Of(1)).MoveToOuterDisposeScope();

        Tensor Off(long axis) => rotation.sum([axis]).sub(Scalars.Of(1)).abs().mean(); // []
    }
}
