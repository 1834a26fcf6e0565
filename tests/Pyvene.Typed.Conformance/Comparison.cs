using System.Globalization;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance;

/// <summary>Compares what a case gave with what it expects, and remembers the largest difference and where the first ones are.</summary>
/// <remarks>Values are compared in float64: <c>|got - want| &lt;= atol + rtol * |want|</c>. NaN equals NaN, infinities must match in sign, and integers,
/// booleans and shapes must match exactly.</remarks>
internal sealed class Comparison
{
    private const int MessagesKept = 3;
    private readonly List<string> _failures = [];

    /// <summary>Whether nothing has differed so far.</summary>
    public bool Passed => _failures.Count == 0;

    /// <summary>The largest absolute difference so far, infinite where a NaN or an infinity was not matched.</summary>
    public double Largest { get; private set; }

    /// <summary>Compares a tensor with the recorded one.</summary>
    /// <param name="name">What the value is, for the message.</param>
    /// <param name="got">The value; null fails the case as missing.</param>
    /// <param name="want">The recorded value. Where it holds integers or booleans, the tolerance is not used.</param>
    /// <param name="tolerance">How far they may lie apart.</param>
    /// <param name="mask">[batch, position]: values shaped [batch, position, …] or [batch, head, position, …] are compared where it is not 0.</param>
    public void Tensor(string name, Tensor? got, Tensor want, Tolerance tolerance, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        if (got is null)
        {
            Fail($"{name} is missing");
        }
        else if (!got.shape.AsSpan().SequenceEqual(want.shape))
        {
            Fail($"{name}: shape {Shape(got)}, expected {Shape(want)}");
        }
        else if (IsExact(want) && !IsExact(got))
        {
            Fail($"{name}: dtype {got.dtype}, expected {want.dtype}");
        }
        else
        {
            Values(name, got.detach().cpu(), want.detach().cpu(), IsExact(want) ? default : tolerance, mask);
        }
    }

    /// <summary>Compares a number with the recorded one.</summary>
    public void Number(string name, double got, double want, Tolerance tolerance)
    {
        var difference = Difference(got, want);
        Largest = Math.Max(Largest, difference);
        var allowed = Allowed(want, tolerance);
        if (difference > allowed) Fail(Describe(name, got, want, difference, allowed));
    }

    /// <summary>Compares two values that must be equal, such as counts, names or flags.</summary>
    public void Exact<T>(string name, T got, T want)
    {
        if (!EqualityComparer<T>.Default.Equals(got, want)) Fail($"{name}: {Text(got)}, expected {Text(want)}");
    }

    /// <summary>Compares two lists that must be equal, such as token ids.</summary>
    public void Sequence<T>(string name, IReadOnlyList<T> got, IReadOnlyList<T> want)
    {
        for (var i = 0; i < Math.Min(got.Count, want.Count); i++)
        {
            if (EqualityComparer<T>.Default.Equals(got[i], want[i])) continue;
            Fail($"{name}[{i}]: {Text(got[i])}, expected {Text(want[i])} (lengths {got.Count} and {want.Count})");
            return;
        }

        Exact($"length of {name}", got.Count, want.Count);
    }

    /// <summary>Fails the case unless a condition holds.</summary>
    public void Holds(bool condition, string otherwise)
    {
        if (!condition) Fail(otherwise);
    }

    /// <summary>Fails the case.</summary>
    public void Fail(string message) => _failures.Add(message);

    /// <summary>Sums up.</summary>
    public CaseResult Result(string id) => new(id, Passed, Largest, Passed ? null : Message());

    private string Message()
    {
        var shown = string.Join("; ", _failures.Take(MessagesKept));
        return _failures.Count <= MessagesKept ? shown : $"{shown}; and {_failures.Count - MessagesKept} more";
    }

    private void Values(string name, Tensor got, Tensor want, Tolerance tolerance, Tensor? mask)
    {
        if (got.numel() == 0) return;
        var exact = IsExact(want);
        var widest = exact ? ScalarType.Int64 : ScalarType.Float64;
        (got, want) = (got.to(widest), want.to(widest));
        var same = got.eq(want).logical_or(got.isnan().logical_and(want.isnan()));
        if (Compared(want, mask) is { } compared) same = same.logical_or(compared.logical_not());
        (got, want) = (got.to(ScalarType.Float64), want.to(ScalarType.Float64));
        var difference = where(same, zeros_like(got), (got - want).abs().nan_to_num(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity));
        var allowed = want.abs()
            .mul(Scalars.Of(tolerance.Rtol))
            .add(Scalars.Of(tolerance.Atol), Scalars.Of(1))
            .nan_to_num(tolerance.Atol, tolerance.Atol, tolerance.Atol);
        Largest = Math.Max(Largest, difference.max().item<double>());

        var excess = where(same, full_like(difference, Scalars.Of(double.NegativeInfinity)), difference - allowed);
        var outside = (exact ? same.logical_not() : excess.gt(Scalars.Of(0))).sum().item<long>(); // two large integers can differ and be one float64
        if (outside == 0) return;
        var worst = excess.argmax().item<long>();
        var text = Describe(name + Place(worst, got.shape), At(got, worst), At(want, worst), At(difference, worst), At(allowed, worst));
        Fail($"{text}; {outside} of {got.numel()} values differ");
    }

    /// <summary>Where values are compared, as a boolean of the value's own shape; null stands for everywhere.</summary>
    private static Tensor? Compared(Tensor value, Tensor? mask)
    {
        if (mask is null) return null;
        var (batch, positions) = (mask.shape[0], mask.shape[1]);
        var shape = value.shape;
        // A square of heads and positions is read as heads first: values with four axes are the ones that have heads.
        var axis = shape.Length >= 4 && shape[2] == positions ? 2 : shape.Length >= 2 && shape[1] == positions ? 1 : -1;
        if (axis < 0 || shape[0] != batch) return null;
        var spread = Enumerable.Repeat(1L, shape.Length).ToArray();
        (spread[0], spread[axis]) = (batch, positions);
        return mask.cpu().ne(Scalars.Of(0)).reshape(spread).expand(shape);
    }

    private static double Difference(double got, double want)
    {
        if (got.Equals(want) || got == want) return 0; // Equals holds for two NaNs, == for the two zeros
        var difference = Math.Abs(got - want);
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    private static double Allowed(double want, Tolerance tolerance) =>
        double.IsFinite(want) ? tolerance.Atol + tolerance.Rtol * Math.Abs(want) : tolerance.Atol;

    private static bool IsExact(Tensor tensor) => tensor.dtype is
        ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    private static double At(Tensor tensor, long index) => tensor.reshape(-1)[index].item<double>();

    private static string Place(long index, long[] shape)
    {
        var place = new long[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--) (index, place[axis]) = Math.DivRem(index, shape[axis]);
        return $"[{string.Join(',', place)}]";
    }

    private static string Describe(string name, double got, double want, double difference, double allowed) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {got:G9}, expected {want:G9}, difference {difference:G3}, allowed {allowed:G3}");

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static string Text<T>(T value) => value is null ? "nothing" : $"'{value}'";
}
