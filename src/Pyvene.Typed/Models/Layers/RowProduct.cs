using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Multiplies a few rows by a large matrix, as every token of a generation does, about as fast as the matrix can be read.</summary>
/// <remarks>MKL computes such products on one core, and on some processors at half of what that core can read.</remarks>
internal static unsafe class RowProduct
{
    private const int Together = 4; // outputs, and 2 rows: what is read is used often, and all sums stay in registers
    private const long LeastShare = 1 << 15; // weights that are worth a thread

    /// <summary>Returns whether the product can be computed here: float32 in the processor's memory, a matrix that lies there in order, rows of whole vectors,
    /// no gradients, and libtorch's threads.</summary>
    public static bool Fits(Tensor input, Tensor weight, Tensor? bias) =>
        TorchThreads.AreReachable && FloatMemory.IsNear(input) && FloatMemory.IsNear(weight) && weight.is_contiguous()
        && (bias is null || (FloatMemory.IsNear(bias) && bias.is_contiguous()))
        && weight.shape[0] >= Together && weight.shape[1] % Vector<float>.Count == 0
        && !(is_grad_enabled() && (input.requires_grad || weight.requires_grad || bias?.requires_grad == true));

    /// <summary>Multiplies what <see cref="Fits"/>.</summary>
    /// <param name="input">[…, in], at least one row.</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out], or <see langword="null"/>.</param>
    /// <returns>A fresh tensor […, out]; it belongs to the current dispose scope.</returns>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias)
    {
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var shape = input.shape;
        shape[^1] = outputs;
        var product = empty(shape, dtype: float32); // […, out]
        using var rows = input.contiguous(); // [row, in]
        var addend = bias is null ? null : FloatMemory.Start(bias);
        var count = input.numel() / inputs;
        var work = new Work(FloatMemory.Start(rows), FloatMemory.Start(weight), addend, FloatMemory.Start(product), count, inputs, outputs);
        work.Share((int)Math.Clamp(outputs * inputs / LeastShare, 1, get_num_threads()));
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return product;
    }

    private struct Work(float* rows, float* weight, float* bias, float* product, long count, long inputs, long outputs)
    {
        private int shares;
        private int taken;

        /// <summary>Computes every output for every row, each thread a share of the outputs.</summary>
        public void Share(int threads)
        {
            shares = threads;
            var work = this; // where it does not move
            if (threads == 1)
            {
                work.Take();
            }
            else
            {
                TorchThreads.Run(&OnThread, &work, threads);
            }
        }

        [UnmanagedCallersOnly]
        private static void OnThread(void* work) => ((Work*)work)->Take();

        private void Take()
        {
            for (long share = Interlocked.Increment(ref taken); share <= shares; share = Interlocked.Increment(ref taken))
            {
                Run(outputs * (share - 1) / shares, outputs * share / shares);
            }
        }

        // The last block may begin before the end of the one before it, and compute the same again.
        private readonly void Run(long from, long to)
        {
            for (var output = from; output < to; output += Together)
            {
                var block = Math.Min(output, outputs - Together);
                for (long row = 0; row < count; row += 2)
                {
                    Block(block, row, Math.Min(row + 1, count - 1));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)] // from the first token on
        private readonly void Block(long output, long left, long right)
        {
            var lefts = rows + (left * inputs);
            var rights = rows + (right * inputs);
            var first = weight + (output * inputs);
            var second = first + inputs;
            var third = second + inputs;
            var fourth = third + inputs;
            var (left1, left2, left3, left4) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            var (right1, right2, right3, right4) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (long index = 0; index < inputs; index += Vector<float>.Count)
            {
                var leftValues = Vector.Load(lefts + index);
                var rightValues = Vector.Load(rights + index);
                var weights = Vector.Load(first + index);
                left1 = Vector.MultiplyAddEstimate(weights, leftValues, left1);
                right1 = Vector.MultiplyAddEstimate(weights, rightValues, right1);
                weights = Vector.Load(second + index);
                left2 = Vector.MultiplyAddEstimate(weights, leftValues, left2);
                right2 = Vector.MultiplyAddEstimate(weights, rightValues, right2);
                weights = Vector.Load(third + index);
                left3 = Vector.MultiplyAddEstimate(weights, leftValues, left3);
                right3 = Vector.MultiplyAddEstimate(weights, rightValues, right3);
                weights = Vector.Load(fourth + index);
                left4 = Vector.MultiplyAddEstimate(weights, leftValues, left4);
                right4 = Vector.MultiplyAddEstimate(weights, rightValues, right4);
            }

            Store(output, left, Vector.Sum(left1), Vector.Sum(left2), Vector.Sum(left3), Vector.Sum(left4));
            Store(output, right, Vector.Sum(right1), Vector.Sum(right2), Vector.Sum(right3), Vector.Sum(right4));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call would move the sums of the other row out of their registers
        private readonly void Store(long output, long row, float first, float second, float third, float fourth)
        {
            var target = product + (row * outputs) + output;
            (target[0], target[1], target[2], target[3]) = bias is null
                ? (first, second, third, fourth)
                : (first + bias[output], second + bias[output + 1], third + bias[output + 2], fourth + bias[output + 3]);
        }
    }
}
