namespace Pyvene.Typed.Training;

/// <summary>Says how the learning rate changes over the updates of a training. Immutable.</summary>
public sealed record RateSchedule
{
    private RateSchedule(string kind, double warmup, int? total) => (Kind, Warmup, Total) = (kind, warmup, total);

    /// <summary>Gets the rate that stays as it is.</summary>
    public static RateSchedule Constant { get; } = new("constant", 0, null);

    /// <summary>Gets the kind: <c>constant</c>, <c>linear</c> or <c>cosine</c>.</summary>
    public string Kind { get; }

    /// <summary>Gets over how many updates the rate rises from 0.</summary>
    public double Warmup { get; }

    /// <summary>Gets at which update the rate is 0; <see langword="null"/> = behind the last of the training.</summary>
    public int? Total { get; }

    /// <summary>Returns a rate that rises from 0 and falls in a line to 0 (transformers' <c>get_linear_schedule_with_warmup</c>).</summary>
    /// <param name="warmup">Over how many updates it rises, at least 0.</param>
    /// <param name="total">At which update it is 0; <see langword="null"/> = behind the last of the training.</param>
    public static RateSchedule Linear(double warmup = 0, int? total = null) => new("linear", Checked(warmup), total);

    /// <summary>Returns a rate that rises from 0 and falls along half a cosine to 0 (transformers' <c>get_cosine_schedule_with_warmup</c>).</summary>
    /// <param name="warmup">Over how many updates it rises, at least 0.</param>
    /// <param name="total">At which update it is 0; <see langword="null"/> = behind the last of the training. Past it the rate rises again, as there.</param>
    public static RateSchedule Cosine(double warmup = 0, int? total = null) => new("cosine", Checked(warmup), total);

    /// <summary>Returns what the rates are multiplied with.</summary>
    /// <param name="update">How many updates there were.</param>
    /// <param name="all">How many there will be.</param>
    internal double FactorAt(long update, long all)
    {
        if (Kind == "constant") return 1;
        if (update < Warmup) return update / Math.Max(1, Warmup);
        var total = Total ?? all;
        var length = Math.Max(1, total - Warmup);
        return Kind == "linear" ? Math.Max(0, (total - update) / length) : Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * ((update - Warmup) / length))));
    }

    private static double Checked(double warmup)
    {
        if (warmup >= 0 && double.IsFinite(warmup)) return warmup;
        throw new ArgumentOutOfRangeException(nameof(warmup), warmup, "The rate rises over a number of updates of at least 0.");
    }
}
