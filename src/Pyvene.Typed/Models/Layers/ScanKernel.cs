using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Computes <see cref="SelectiveScan"/> in one pass over memory, channel beside channel, where libtorch's operations write [row, position, state, channel]
/// several times.
/// </summary>
internal static unsafe class ScanKernel
{
    private const int MostStates = 256; // on the stack

    /// <summary>Returns whether the scan can be computed here: float32 in the processor's memory, no gradients, at least one vector of channels.</summary>
    public static bool Fits(Tensor values, Tensor steps, Tensor rates, Tensor gains, Tensor readings, Tensor skips, Tensor? state)
    {
        Tensor?[] all = [values, steps, rates, gains, readings, skips, state];
        return TorchThreads.AreReachable && values.shape[2] >= Vector<float>.Count && rates.shape[0] <= MostStates
            && all.All(tensor => tensor is null || (FloatMemory.IsNear(tensor) && !(is_grad_enabled() && tensor.requires_grad)));
    }

    /// <summary>Computes what <see cref="Fits"/>; arguments and results are those of <see cref="SelectiveScan.Apply"/>.</summary>
    public static (Tensor Outputs, Tensor State) Apply(
        Tensor values, Tensor steps, Tensor rates, Tensor gains, Tensor readings, Tensor skips, Tensor? state)
    {
        var (rows, positions, channels, states) = (values.shape[0], values.shape[1], values.shape[2], rates.shape[0]);
        var outputs = empty([rows, positions, channels], dtype: float32);
        var last = empty([rows, states, channels], dtype: float32);
        Tensor[] read = [.. new[] { values, steps, rates, gains, readings, skips }.Select(tensor => tensor.contiguous())];
        using var before = state?.contiguous();
        var work = new Work
        {
            Values = FloatMemory.Start(read[0]),
            Steps = FloatMemory.Start(read[1]),
            Rates = FloatMemory.Start(read[2]),
            Gains = FloatMemory.Start(read[3]),
            Readings = FloatMemory.Start(read[4]),
            Skips = FloatMemory.Start(read[5]),
            Before = before is null ? null : FloatMemory.Start(before),
            Outputs = FloatMemory.Start(outputs),
            Last = FloatMemory.Start(last),
            Rows = rows,
            Positions = positions,
            Channels = channels,
            States = (int)states,
        };
        TorchThreads.Run(&Work.OnThread, &work, get_num_threads());
        foreach (var tensor in read)
        {
            tensor.Dispose();
        }

        return (outputs, last);
    }

    private struct Work
    {
        public float* Values;
        public float* Steps;
        public float* Rates;
        public float* Gains;
        public float* Readings;
        public float* Skips;
        public float* Before;
        public float* Outputs;
        public float* Last;
        public long Rows;
        public long Positions;
        public long Channels;
        public int States;
        private int taken;

        [UnmanagedCallersOnly]
        public static void OnThread(void* work) => ((Work*)work)->Take();

        private void Take()
        {
            var blocks = (Channels + Vector<float>.Count - 1) / Vector<float>.Count;
            for (long share = Interlocked.Increment(ref taken); share <= Rows * blocks; share = Interlocked.Increment(ref taken))
            {
                var (row, block) = Math.DivRem(share - 1, blocks);

                // The last block may begin before the end of the one before it, and compute the same again.
                Run(row, Math.Min(block * Vector<float>.Count, Channels - Vector<float>.Count));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Run(long row, long channel)
        {
            var states = stackalloc Vector<float>[States];
            var rates = stackalloc Vector<float>[States];
            var ends = (row * States * Channels) + channel;
            for (var state = 0; state < States; state++)
            {
                states[state] = Before is null ? Vector<float>.Zero : Vector.Load(Before + ends + (state * Channels));
                rates[state] = Vector.Load(Rates + channel + (state * Channels));
            }

            var skips = Vector.Load(Skips + channel);
            for (long position = row * Positions; position < (row + 1) * Positions; position++)
            {
                var steps = Vector.Load(Steps + (position * Channels) + channel);
                var values = Vector.Load(Values + (position * Channels) + channel);
                var (gains, readings) = (position * States, position * States);
                var added = steps * values;
                var sum = values * skips;
                for (var state = 0; state < States; state++)
                {
                    var kept = Vector.Exp(steps * rates[state]) * states[state];
                    states[state] = Vector.MultiplyAddEstimate(added, new Vector<float>(Gains[gains + state]), kept);
                    sum = Vector.MultiplyAddEstimate(states[state], new Vector<float>(Readings[readings + state]), sum);
                }

                sum.Store(Outputs + (position * Channels) + channel);
            }

            for (var state = 0; state < States; state++)
            {
                states[state].Store(Last + ends + (state * Channels));
            }
        }
    }
}
