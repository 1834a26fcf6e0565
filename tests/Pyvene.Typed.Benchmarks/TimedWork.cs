namespace Pyvene.Typed.Benchmarks;

/// <summary>Is work whose time is taken, with what is done before and after it and is not counted.</summary>
/// <param name="Work">The work.</param>
/// <param name="Before">What is done before each run of it.</param>
/// <param name="After">What is done after each run of it.</param>
internal sealed record TimedWork(Action Work, Action? Before = null, Action? After = null);
