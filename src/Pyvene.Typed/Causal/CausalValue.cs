using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>
/// Is a value of a variable: a boolean, a whole number, a number, a text or a vector. Values are made of C#'s own without a word: <c>true</c>, <c>3</c>,
/// <c>0.5</c>, <c>"yes"</c>, <c>new[] { 0.1, 0.9 }</c>. Immutable.
/// </summary>
/// <remarks>Booleans and numbers are equal when they are the same number, as in Python and in tensors: <c>true</c>, <c>1</c> and <c>1.0</c>.</remarks>
public readonly struct CausalValue : IEquatable<CausalValue>
{
    private readonly long bits; // a boolean or a whole number; of a number its bits
    private readonly object? parts; // a text, or a vector that nobody else holds

    private CausalValue(CausalValueKind kind, long bits, object? parts = null)
    {
        Kind = kind;
        this.bits = bits;
        this.parts = parts;
    }

    /// <summary>Gets what the value is.</summary>
    public CausalValueKind Kind { get; }

    /// <summary>Gets how many numbers the value is in a tensor: 1, the length of a vector, or 0 for a text.</summary>
    public int Width => Kind switch { CausalValueKind.Text => 0, CausalValueKind.Vector => ((double[])parts!).Length, _ => 1 };

    private bool IsNumeric => Kind is not (CausalValueKind.Text or CausalValueKind.Vector);

    private double Single => Kind is CausalValueKind.Number ? BitConverter.Int64BitsToDouble(bits) : bits;

    /// <summary>Makes a value of a boolean.</summary>
    /// <param name="value">The boolean.</param>
    public static implicit operator CausalValue(bool value) => new(CausalValueKind.Boolean, value ? 1 : 0);

    /// <summary>Makes a value of a whole number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CausalValue(int value) => new(CausalValueKind.Integer, value);

    /// <summary>Makes a value of a whole number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CausalValue(long value) => new(CausalValueKind.Integer, value);

    /// <summary>Makes a value of a number; a float32 keeps its value, so that <c>0.1f</c> is not <c>0.1</c>.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator CausalValue(double value) => new(CausalValueKind.Number, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Makes a value of a text.</summary>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    public static implicit operator CausalValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new CausalValue(CausalValueKind.Text, 0, value);
    }

    /// <summary>Makes a value of a vector, which is copied.</summary>
    /// <param name="value">The numbers.</param>
    /// <exception cref="ArgumentNullException">The vector is null.</exception>
    public static implicit operator CausalValue(double[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new CausalValue(CausalValueKind.Vector, 0, value.Clone());
    }

    /// <summary>Makes a value of a vector, which is copied.</summary>
    /// <param name="value">The numbers.</param>
    /// <exception cref="ArgumentNullException">The vector is null.</exception>
    public static implicit operator CausalValue(float[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new CausalValue(CausalValueKind.Vector, 0, Array.ConvertAll(value, number => (double)number));
    }

    /// <summary>Returns whether two values are equal.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(CausalValue left, CausalValue right) => left.Equals(right);

    /// <summary>Returns whether two values differ.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(CausalValue left, CausalValue right) => !left.Equals(right);

    /// <summary>Returns the boolean.</summary>
    /// <exception cref="InvalidOperationException">The value is something else.</exception>
    public bool AsBoolean() => Kind is CausalValueKind.Boolean ? bits != 0 : throw IsNot("a boolean");

    /// <summary>Returns the whole number; booleans count as 0 and 1.</summary>
    /// <exception cref="InvalidOperationException">The value is something else.</exception>
    public long AsInteger() => Kind is CausalValueKind.Boolean or CausalValueKind.Integer ? bits : throw IsNot("a whole number");

    /// <summary>Returns the number; booleans count as 0 and 1.</summary>
    /// <exception cref="InvalidOperationException">The value is a text or a vector.</exception>
    public double AsNumber() => IsNumeric ? Single : throw IsNot("a number");

    /// <summary>Returns the text.</summary>
    /// <exception cref="InvalidOperationException">The value is something else.</exception>
    public string AsText() => parts as string ?? throw IsNot("a text");

    /// <summary>Returns the numbers of a vector.</summary>
    /// <exception cref="InvalidOperationException">The value is something else.</exception>
    public ReadOnlySpan<double> AsVector() => parts as double[] ?? throw IsNot("a vector");

    /// <inheritdoc/>
    public bool Equals(CausalValue other)
    {
        if (IsNumeric && other.IsNumeric)
        {
            var isWhole = Kind is not CausalValueKind.Number && other.Kind is not CausalValueKind.Number;
            return isWhole ? bits == other.bits : Single == other.Single || (double.IsNaN(Single) && double.IsNaN(other.Single));
        }

        return Kind == other.Kind && (Kind is CausalValueKind.Text ? (string)parts! == (string)other.parts! : AsVector().SequenceEqual(other.AsVector()));
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CausalValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (IsNumeric) return Single.GetHashCode();
        if (Kind is CausalValueKind.Text) return StringComparer.Ordinal.GetHashCode((string)parts!);
        var hash = default(HashCode);
        foreach (var number in (double[])parts!) hash.Add(number);
        return hash.ToHashCode();
    }

    /// <summary>Returns the value as JSON writes it.</summary>
    public override string ToString() => Kind switch
    {
        CausalValueKind.Boolean => bits != 0 ? "true" : "false",
        CausalValueKind.Integer => bits.ToString(CultureInfo.InvariantCulture),
        CausalValueKind.Number => Single.ToString(CultureInfo.InvariantCulture),
        CausalValueKind.Text => $"\"{Excerpt.Of((string)parts!)}\"",
        _ => Excerpt.Of($"[{string.Join(", ", ((double[])parts!).Select(number => number.ToString(CultureInfo.InvariantCulture)))}]"),
    };

    /// <summary>Writes the value as float32 numbers.</summary>
    /// <param name="target">As many as <see cref="Width"/>.</param>
    internal void Write(Span<float> target)
    {
        if (IsNumeric)
        {
            target[0] = (float)Single;
            return;
        }

        var numbers = AsVector();
        for (var i = 0; i < numbers.Length; i++) target[i] = (float)numbers[i];
    }

    private InvalidOperationException IsNot(string wanted) => new($"The value {this} is not {wanted}, but a {Kind}.");
}
