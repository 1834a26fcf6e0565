namespace Pyvene.Typed.Benchmarks;

/// <summary>Is the time of one of several works that are run in turns.</summary>
/// <param name="Seconds">The time of its fastest run.</param>
/// <param name="OfLast">
/// Its time as a part of that of the last work in the same round, the median over the rounds: what the machine does besides meets both alike, which the fastest
/// runs of two works do not.
/// </param>
internal sealed record TurnTime(double Seconds, double OfLast);
