namespace Pyvene.Typed.Lab;

/// <summary>Is one line of a picture of curves.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">Its points, from left to right; one that is not finite is a gap.</param>
/// <param name="IsFaint">Whether it stands behind the others, as single batches behind the held-out examples.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsFaint = false);
