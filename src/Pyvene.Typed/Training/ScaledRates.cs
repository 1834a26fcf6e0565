using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Pyvene.Typed.Training;

/// <summary>Is the rates of an update: those of the parameters, times what the schedule makes of them. It costs nothing until it is read.</summary>
/// <param name="rates">The rates before the schedule, by parameter.</param>
/// <param name="factor">What they are multiplied with.</param>
internal sealed class ScaledRates(IReadOnlyDictionary<string, double> rates, double factor) : IReadOnlyDictionary<string, double>
{
    /// <summary>Gets the rates before the schedule.</summary>
    public IReadOnlyDictionary<string, double> Before => rates;

    /// <summary>Gets what the rates are multiplied with.</summary>
    public double Factor => factor;

    /// <inheritdoc/>
    public int Count => rates.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => rates.Keys;

    /// <inheritdoc/>
    public IEnumerable<double> Values => rates.Values.Select(rate => rate * factor);

    /// <inheritdoc/>
    public double this[string key] => rates[key] * factor;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => rates.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        var found = rates.TryGetValue(key, out var rate);
        value = rate * factor;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() =>
        rates.Select(rate => KeyValuePair.Create(rate.Key, rate.Value * factor)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
