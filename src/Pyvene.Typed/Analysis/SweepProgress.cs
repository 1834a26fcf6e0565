namespace Pyvene.Typed;

/// <summary>Says how far a sweep has come.</summary>
/// <param name="Done">How many cells are done, those of its file too.</param>
/// <param name="Total">How many cells there are.</param>
public readonly record struct SweepProgress(int Done, int Total);
