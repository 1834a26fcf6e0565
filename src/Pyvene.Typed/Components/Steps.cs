using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Says when in a generation an intervention acts: on the prompt, on every token that is generated, or on chosen ones. Immutable.</summary>
/// <remarks>
/// Step i is the i-th generated token, from 0: what is intervened on is its representation, which is computed in the forward pass after it was chosen. The
/// key/value cache changes nothing about it.
/// </remarks>
public sealed record Steps
{
    private Steps(bool prompt, bool each, ImmutableArray<int> chosen)
    {
        IncludesPrompt = prompt;
        IncludesEach = each;
        Chosen = chosen;
    }

    /// <summary>Gets the prompt: the intervention acts at its positions, once.</summary>
    public static Steps Prompt { get; } = new(true, false, []);

    /// <summary>Gets every generated token.</summary>
    public static Steps Each { get; } = new(false, true, []);

    /// <summary>Gets whether the prompt is meant.</summary>
    public bool IncludesPrompt { get; }

    /// <summary>Gets whether every generated token is meant.</summary>
    public bool IncludesEach { get; }

    /// <summary>Gets the generated tokens that are meant, from 0, in order; empty when none or all are.</summary>
    public ImmutableArray<int> Chosen { get; }

    /// <summary>Returns chosen generated tokens.</summary>
    /// <param name="steps">The tokens, from 0, at least one.</param>
    /// <exception cref="ArgumentException">None is named, or a negative one.</exception>
    public static Steps At(params ReadOnlySpan<TimeStep> steps)
    {
        ImmutableArray<int> chosen = [.. steps.ToArray().Select(step => step.Value).Distinct().Order()];
        return chosen.Length > 0 && chosen[0] >= 0
            ? new Steps(false, false, chosen)
            : throw new ArgumentException("At least one step is needed, and steps count from 0.", nameof(steps));
    }

    /// <summary>Returns the generated tokens of a half-open range that counts from the start, as in <c>0..8</c>.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    /// <exception cref="ArgumentException">The range is empty, or counts from the end.</exception>
    public static Steps In(Range range) => new(false, false, IndexRows.Between(range, "steps").Rows[0]);

    /// <summary>Returns these steps and others.</summary>
    /// <param name="other">The others.</param>
    public Steps And(Steps other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var each = IncludesEach || other.IncludesEach;
        return new Steps(IncludesPrompt || other.IncludesPrompt, each, each ? [] : [.. Chosen.Union(other.Chosen).Order()]);
    }

    /// <summary>Tells whether a generated token is meant.</summary>
    /// <param name="step">The token, from 0.</param>
    public bool Includes(int step) => IncludesEach || Chosen.Contains(step);

    /// <summary>Returns the steps in words: <c>the prompt and every step</c>, <c>steps 0 to 7</c>.</summary>
    public override string ToString() => string.Join(" and ", Parts());

    private IEnumerable<string> Parts()
    {
        if (IncludesPrompt) yield return "the prompt";
        if (IncludesEach) yield return "every step";
        if (Chosen.Length > 0) yield return IndexRows.Shared(Chosen, "steps").InWords("step", "steps");
    }

    /// <inheritdoc/>
    public bool Equals(Steps? other) =>
        other is not null && IncludesPrompt == other.IncludesPrompt && IncludesEach == other.IncludesEach && Chosen.SequenceEqual(other.Chosen);

    /// <inheritdoc/>
    public override int GetHashCode() => Chosen.Aggregate(HashCode.Combine(IncludesPrompt, IncludesEach), HashCode.Combine);
}
