using System.Diagnostics;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Times work: the minimum over the runs of a time budget, after a warm-up.</summary>
internal static class Stopwatches
{
    private const int FewestRounds = 3;

    /// <summary>Returns the time of the fastest run, in seconds.</summary>
    public static double Fastest(Action work, double budget) => InTurns(budget, work)[0].Seconds;

    /// <inheritdoc cref="InTurns(double, TimedWork[])"/>
    public static TurnTime[] InTurns(double budget, params Action[] works) => InTurns(budget, [.. works.Select(work => new TimedWork(work))]);

    /// <summary>Times several works in turns, so that a change of the machine's load meets them alike.</summary>
    /// <param name="budget">How many seconds each of them may take in all; three rounds are run in any case.</param>
    /// <param name="works">The works; the last is what the others are compared with.</param>
    public static TurnTime[] InTurns(double budget, params TimedWork[] works)
    {
        foreach (var work in works)
        {
            Time(work);
        }

        var rounds = new List<double[]>();
        var all = Stopwatch.StartNew();
        while (rounds.Count < FewestRounds || all.Elapsed.TotalSeconds < budget * works.Length)
        {
            var times = new double[works.Length];
            for (var turn = 0; turn < works.Length; turn++)
            {
                var index = (turn + rounds.Count) % works.Length; // none always comes behind the same other
                times[index] = Time(works[index]);
            }

            rounds.Add(times);
        }

        return [.. works.Select((_, index) => new TurnTime(rounds.Min(times => times[index]), Median(rounds.Select(times => times[index] / times[^1]))))];
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
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
