using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Analysis;

/// <summary>
/// Is a logit, or the difference of two, taken apart: what the embeddings, every attention and every MLP contribute to it directly (Elhage et al., 2021), and
/// the constants by name. The parts add up to the logit. Immutable.
/// </summary>
public sealed class LogitAttribution
{
    internal LogitAttribution(string target, IReadOnlyList<LogitPart> parts, Sample total)
    {
        (Target, Parts, Total) = (target, parts, total);
        Rest = Sample.Of([.. total.Select((value, example) => value - parts.Sum(part => part.Values[example]))]);
    }

    /// <summary>Gets what is taken apart, such as <c>logit of “ Rome”</c>.</summary>
    public string Target { get; }

    /// <summary>Gets the parts, in the order in which the model adds them; constants come last.</summary>
    public IReadOnlyList<LogitPart> Parts { get; }

    /// <summary>Gets the logit, or the difference, as the model returns it: one number a prompt.</summary>
    public Sample Total { get; }

    /// <summary>Gets what the parts leave of the total, which is rounding: one number a prompt.</summary>
    public Sample Rest { get; }

    /// <summary>Gets a part by its name.</summary>
    /// <param name="name">The name, such as <c>mlp_output of layer 3</c>.</param>
    /// <exception cref="ArgumentException">No part has it.</exception>
    public LogitPart this[string name] => Parts.FirstOrDefault(part => part.Name == name.Given())
        ?? throw new ArgumentException($"No part is called '{name}'; the parts are {string.Join(", ", Parts.Select(part => part.Name))}.", nameof(name));

    /// <summary>Gets the part of a place, such as <c>Gpt2.Layer(3).MlpOutput</c>.</summary>
    /// <param name="place">The place, whole: without positions, heads or features.</param>
    /// <exception cref="ArgumentException">No part is of it.</exception>
    public LogitPart this[Place place] => this[place.Given().ToString()!];

    /// <summary>Returns the parts that contribute most in either direction, on the mean, the largest first.</summary>
    /// <param name="count">How many at most, at least 1.</param>
    public IReadOnlyList<LogitPart> Largest(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Parts.OrderByDescending(part => Math.Abs(part.Values.Mean)).Take(count)];
    }

    /// <summary>Returns the parts and the total, a line each: means over the prompts.</summary>
    public override string ToString()
    {
        var width = Parts.Select(part => part.Name).Append("total").Max(name => name.Length);
        var text = new StringBuilder(Target).Append('\n');
        foreach (var (name, values) in Parts.Select(part => (part.Name, part.Values)).Append(("total", Total)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.PadRight(width)} {values.Mean,9:+0.000;-0.000;0.000}\n");
        }

        return text.ToString();
    }
}
