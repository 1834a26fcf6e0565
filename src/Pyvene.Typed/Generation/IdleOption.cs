namespace Pyvene.Typed.Generation;

/// <summary>
/// Is an option with a value that the way of generating does not use: one of sampling where nothing is drawn, or one of beams where there is one.
/// </summary>
internal sealed class IdleOption
{
    private static readonly IdleOption[] All =
    [
        OfSampling(nameof(GenerationOptions.Seed), static options => options.Seed),
        OfSampling(nameof(GenerationOptions.Temperature), static options => options.Temperature, 1.0),
        OfSampling(nameof(GenerationOptions.TopK), static options => options.TopK, 0, 50),
        OfSampling(nameof(GenerationOptions.TopP), static options => options.TopP, 1.0),
        OfSampling(nameof(GenerationOptions.MinP), static options => options.MinP, 0.0),
        OfSampling(nameof(GenerationOptions.TypicalP), static options => options.TypicalP, 1.0),
        OfSampling(nameof(GenerationOptions.EpsilonCutoff), static options => options.EpsilonCutoff, 0.0, 1.0),
        OfSampling(nameof(GenerationOptions.EtaCutoff), static options => options.EtaCutoff, 0.0, 1.0),
        OfBeams(nameof(GenerationOptions.LengthPenalty), static options => options.LengthPenalty, 1.0),
        OfBeams(nameof(GenerationOptions.EarlyStopping), static options => options.EarlyStopping, EarlyStopping.Heuristic),
    ];

    private readonly Func<GenerationOptions, object?> read;
    private readonly Func<GenerationOptions, bool> isUsed;
    private readonly object[] neutral; // values that change nothing anyway
    private readonly object? value;
    private readonly string fact;

    private IdleOption(
        string name,
        Func<GenerationOptions, object?> read,
        Func<GenerationOptions, bool> isUsed,
        object[] neutral,
        string fact,
        string remedy,
        object? value = null)
    {
        (Name, this.read, this.isUsed, this.neutral, this.fact, Remedy, this.value) = (name, read, isUsed, neutral, fact, remedy, value);
    }

    /// <summary>Gets the option's name.</summary>
    public string Name { get; }

    /// <summary>Gets what a program should do.</summary>
    public string Remedy { get; }

    /// <summary>Returns the options that are set and not used.</summary>
    public static IEnumerable<IdleOption> Of(GenerationOptions options) => All
        .Where(option => !option.isUsed(options) && option.read(options) is { } value && !option.neutral.Contains(value))
        .Select(option => new IdleOption(option.Name, option.read, option.isUsed, option.neutral, option.fact, option.Remedy, option.read(options)));

    /// <summary>Returns whether the value is that of other options, such as those that a file gave.</summary>
    public bool IsOf(GenerationOptions? others) => others is not null && Equals(read(others), value);

    /// <summary>Returns the fact in words.</summary>
    public string Sentence => FormattableString.Invariant($"{Name} is {value}, but {fact}.");

    private static IdleOption OfSampling(string name, Func<GenerationOptions, object?> read, params object[] neutral) =>
        new(name, read, static options => options.DoSample, neutral, "no token is drawn: DoSample is false", "Set DoSample, or leave it out.");

    private static IdleOption OfBeams(string name, Func<GenerationOptions, object?> read, params object[] neutral) =>
        new(name, read, static options => options.NumBeams > 1, neutral, "there is no beam search: NumBeams is 1", "Set NumBeams to at least 2, or leave it "
            + "out.");
}
