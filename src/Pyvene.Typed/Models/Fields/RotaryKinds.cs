using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Lists the kinds of rotary positions: the fields that each has, and what is made of them.</summary>
internal static class RotaryKinds
{
    private static readonly FieldRule Kind = FieldRule.Text(); // what reads it knows the names

    private static readonly FieldRule Factor = FieldRule.Number(null, 1, 1e9);

    private static readonly Dictionary<string, FieldRule> Shared = new(StringComparer.Ordinal)
    {
        ["rope_type"] = Kind,
        ["type"] = Kind,
        ["rope_theta"] = FieldRule.Positive(),
        ["partial_rotary_factor"] = FieldRule.Probability(null),
    };

    /// <summary>Gets the kinds by name; <c>su</c> is what longrope was called first.</summary>
    public static IReadOnlyDictionary<string, (IReadOnlyDictionary<string, FieldRule> Rules, Func<RotaryParameters, RotaryScaling> Make)> All { get; } =
        new Dictionary<string, (IReadOnlyDictionary<string, FieldRule> Rules, Func<RotaryParameters, RotaryScaling> Make)>(StringComparer.Ordinal)
        {
            ["default"] = (Shared, _ => new RotaryScaling.None()),
            ["linear"] = (With(("factor", Factor)), fields => new RotaryScaling.Linear(fields.Number("factor"))),
            // The length of training is written there and read by nothing.
            ["dynamic"] = (With(("factor", Factor), ("original_max_position_embeddings", FieldRule.Size().OrNull)),
                fields => new RotaryScaling.Dynamic(fields.Number("factor"))),
            ["yarn"] = (
                With(("factor", Factor), ("attention_factor", FieldRule.Number(null, 0, 1e9).OrNull), ("beta_fast", FieldRule.Number(null, 0, 1e9).OrNull),
                    ("beta_slow", FieldRule.Number(null, 0, 1e9).OrNull), ("mscale", FieldRule.Number(null, 0, 1e9).OrNull),
                    ("mscale_all_dim", FieldRule.Number(null, 0, 1e9).OrNull), ("original_max_position_embeddings", FieldRule.Size().OrNull),
                    ("truncate", FieldRule.Flag())),
                Yarn),
            ["longrope"] = (
                With(("short_factor", FieldRule.Positives()), ("long_factor", FieldRule.Positives()), ("factor", Factor.OrNull),
                    ("attention_factor", FieldRule.Number(null, 0, 1e9).OrNull), ("original_max_position_embeddings", FieldRule.Size(2).OrNull)),
                LongRope),
            ["llama3"] = (
                With(("factor", Factor), ("low_freq_factor", FieldRule.Positive()), ("high_freq_factor", FieldRule.Positive()),
                    ("original_max_position_embeddings", FieldRule.Size())),
                Llama3),
        };

    private static Dictionary<string, FieldRule> With(params (string Name, FieldRule Rule)[] own)
    {
        var rules = new Dictionary<string, FieldRule>(Shared, StringComparer.Ordinal);
        foreach (var (name, rule) in own)
        {
            rules[name] = rule;
        }

        return rules;
    }

    private static RotaryScaling Yarn(RotaryParameters fields)
    {
        var factor = fields.Number("factor");
        var (scale, allScale) = (fields.Said("mscale"), fields.Said("mscale_all_dim"));
        return new RotaryScaling.ByTurns(
            factor,
            fields.Said("beta_fast") ?? 32,
            fields.Said("beta_slow") ?? 1,
            fields.Optional("original_max_position_embeddings") ?? fields.Config.Size("max_position_embeddings"),
            fields.Flag("truncate", true))
        {
            Amplitude = fields.Optional("attention_factor")
                ?? (scale is { } by && allScale is { } byAll ? Scaled(by) / Scaled(byAll) : Scaled(1)),
        };

        double Scaled(double by) => factor <= 1 ? 1 : (0.1 * by * Math.Log(factor)) + 1;
    }

    /// <summary>
    /// Reads LongRoPE. The length of training stands beside the object in transformers 4, which reads none inside it, and inside it in 5; without one it is
    /// that of the model.
    /// </summary>
    private static RotaryScaling.ByLength LongRope(RotaryParameters fields)
    {
        var positions = fields.Config.Size("max_position_embeddings");
        var (beside, inside) = (fields.Config.GetInteger("original_max_position_embeddings"), fields.Integer("original_max_position_embeddings"));
        var isNew = fields.Place.StartsWith("rope_parameters", StringComparison.Ordinal);
        if (isNew && beside is not null && inside is not null && beside != inside)
        {
            throw new CheckpointException(fields.Config.Origin, $"'original_max_position_embeddings' is {beside}, but "
                + $"'{fields.Place}.original_max_position_embeddings' is {inside}; both must say the same.");
        }

        var original = beside ?? (isNew ? inside : null);
        var amplitude = fields.Optional("attention_factor");
        if (amplitude is null)
        {
            var factor = beside is null ? fields.Optional("factor") : null;
            factor ??= original is { } trained ? (double)positions / trained : fields.Number("factor");
            amplitude = factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor.Value) / Math.Log(original ?? positions)));
        }

        return new RotaryScaling.ByLength(fields.Numbers("short_factor"), fields.Numbers("long_factor"), original ?? positions) { Amplitude = amplitude.Value };
    }

    private static RotaryScaling.ByWavelength Llama3(RotaryParameters fields)
    {
        var bands = new RotaryScaling.ByWavelength(
            fields.Number("factor"), fields.Number("low_freq_factor"), fields.Number("high_freq_factor"), fields.Number("original_max_position_embeddings"));
        return bands.LowFactor < bands.HighFactor
            ? bands
            : throw new CheckpointException(fields.Config.Origin, $"'{fields.Place}' needs 'low_freq_factor' below 'high_freq_factor', but they are "
                + $"{bands.LowFactor} and {bands.HighFactor}.");
    }
}
