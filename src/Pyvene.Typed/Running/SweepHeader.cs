namespace Pyvene.Typed.Running;

/// <summary>Is the first line of a sweep's file.</summary>
/// <param name="Format">What the file is.</param>
/// <param name="Fingerprint">Which sweep it is of.</param>
/// <param name="Cells">How many cells that has.</param>
/// <param name="Clean">What the metrics read off the clean base: [metric][example]; it tells another model of the same kind.</param>
internal sealed record SweepHeader(string Format, string Fingerprint, int Cells, double[][] Clean);
