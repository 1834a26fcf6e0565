using System.Diagnostics;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Times work: the minimum over the runs of a time budget, after a warm-up.</summary>
internal static class Stopwatches
{
    /// <summary>Returns the time of the fastest run, in seconds.</summary>
    public static double Fastest(Action work, double budget)
    {
        work();
        work();
        var (fastest, all) = (double.MaxValue, Stopwatch.StartNew());
        for (var runs = 0; runs < 3 || all.Elapsed.TotalSeconds < budget; runs++)
        {
            var run = Stopwatch.StartNew();
            work();
            fastest = Math.Min(fastest, run.Elapsed.TotalSeconds);
        }

        return fastest;
    }

    /// <summary>Times several works in turns, so that a change of the machine's load meets them alike; returns the fastest run of each, in seconds.</summary>
    public static double[] FastestInTurns(double budget, params Action[] works)
    {
        var fastest = works.Select(_ => double.MaxValue).ToArray();
        foreach (var work in works)
        {
            work();
        }

        var all = Stopwatch.StartNew();
        for (var round = 0; round < 3 || all.Elapsed.TotalSeconds < budget * works.Length; round++)
        {
            for (var index = 0; index < works.Length; index++)
            {
                var run = Stopwatch.StartNew();
                works[index]();
                fastest[index] = Math.Min(fastest[index], run.Elapsed.TotalSeconds);
            }
        }

        return fastest;
    }
}
