using System.Diagnostics;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Times work: the minimum over the runs of a time budget, after a warm-up.</summary>
internal static class Stopwatches
{
    private const int FewestRounds = 3;

    /// <summary>Returns the time of the fastest run, in seconds.</summary>
    public static double Fastest(Action work, double budget) => FastestInTurns(budget, work)[0];

    /// <inheritdoc cref="FastestInTurns(double, TimedWork[])"/>
    public static double[] FastestInTurns(double budget, params Action[] works) => FastestInTurns(budget, [.. works.Select(work => new TimedWork(work))]);

    /// <summary>Times several works in turns, so that a change of the machine's load meets them alike; returns the fastest run of each, in seconds.</summary>
    /// <param name="budget">How many seconds each of them may take in all; three rounds are run in any case.</param>
    /// <param name="works">The works.</param>
    public static double[] FastestInTurns(double budget, params TimedWork[] works)
    {
        var fastest = works.Select(_ => double.MaxValue).ToArray();
        foreach (var work in works)
        {
            Time(work);
        }

        var all = Stopwatch.StartNew();
        for (var round = 0; round < FewestRounds || all.Elapsed.TotalSeconds < budget * works.Length; round++)
        {
            for (var index = 0; index < works.Length; index++)
            {
                fastest[index] = Math.Min(fastest[index], Time(works[index]));
            }
        }

        return fastest;
    }

    private static double Time(TimedWork work)
    {
        work.Before?.Invoke();
        var run = Stopwatch.StartNew();
        work.Work();
        var seconds = run.Elapsed.TotalSeconds;
        work.After?.Invoke();
        return seconds;
    }
}
