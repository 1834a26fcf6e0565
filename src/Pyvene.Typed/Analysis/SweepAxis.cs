using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Is one axis of a <see cref="SweepGrid"/>: its name, and the names of its values. Immutable.</summary>
public sealed class SweepAxis
{
    /// <summary>Initialises the axis.</summary>
    /// <param name="name">What the axis is called, such as <c>layer</c>.</param>
    /// <param name="values">The names of its values, at least one, each once.</param>
    /// <exception cref="ArgumentException">A name is missing or stands twice.</exception>
    public SweepAxis(string name, params IReadOnlyList<string> values)
        : this(name, [.. values.Given()], [])
    {
    }

    internal SweepAxis(string name, ImmutableArray<string> values, ImmutableArray<int> numbers)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (values.IsEmpty || values.Any(value => value is null))
        {
            throw new ArgumentException($"The axis '{name}' needs at least one value, and none that is null.", nameof(values));
        }

        if (values.GroupBy(value => value, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The axis '{name}' has the value '{twice.Key}' twice; a table could not tell which is meant.", nameof(values));
        }

        if (!numbers.IsEmpty && numbers.Length != values.Length)
        {
            throw new ArgumentException($"The axis '{name}' has {numbers.Length} numbers for {values.Length} values.", nameof(numbers));
        }

        (Name, Values, Numbers) = (name, values, numbers);
    }

    /// <summary>Gets the axis's name.</summary>
    public string Name { get; }

    /// <summary>Gets the names of its values.</summary>
    public ImmutableArray<string> Values { get; }

    /// <summary>Gets the numbers that the values are known by, such as the indices of layers; empty = they have none.</summary>
    internal ImmutableArray<int> Numbers { get; }

    /// <summary>Returns the axis of a typed one; values of the same name, such as a token that stands twice, get their numbers behind them.</summary>
    internal static SweepAxis Of(string name, IReadOnlyList<AxisPoint> points)
    {
        var same = points.CountBy(point => point.Name).ToDictionary();
        return new(
            name,
            [.. points.Select((point, place) => same[point.Name] == 1 ? point.Name : FormattableString.Invariant($"{point.Name} ({point.Number ?? place})"))],
            points.All(point => point.Number is not null) ? [.. points.Select(point => point.Number!.Value)] : []);
    }

    /// <summary>Returns the values as those of a table.</summary>
    internal IReadOnlyList<AxisPoint<string>> Points =>
        [.. Values.Select((value, place) => new AxisPoint<string>(value, value, Numbers.IsEmpty ? null : Numbers[place]))];

    /// <summary>Returns the axis in words.</summary>
    public override string ToString() => $"{Name}: {string.Join(", ", Values)}";
}
