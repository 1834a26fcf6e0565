using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Json;

namespace Pyvene.Typed;

/// <summary>
/// Is what an experiment is compared with, to tell how sure its result is: the same experiment without what it claims. Sweeps and trainings give it beside
/// their own numbers. Immutable.
/// </summary>
/// <remarks>
/// A result that its controls share says little: an effect that a random change of the same length has is no sign of what was put there, and an alignment that
/// the whole component exceeds by far has found a part of the concept only.
/// </remarks>
public sealed record Control
{
    private Control(ControlKind kind) => Kind = kind;

    /// <summary>Gets the control in which the base is its own source, read where it is written: nothing should change.</summary>
    public static Control SelfSwap { get; } = new(ControlKind.SelfSwap);

    /// <summary>
    /// Gets the control in which every example reads the source of another example, none its own: what stays of an effect does not come of the source's
    /// content. It needs several examples; <c>ShuffledSource with { Seed = 1 }</c> deals them out in another way.
    /// </summary>
    public static Control ShuffledSource { get; } = new(ControlKind.ShuffledSource);

    /// <summary>
    /// Gets the control in which the whole component is exchanged where the experiment exchanges features, or what a module that learns picks: the most that a
    /// part of it can do.
    /// </summary>
    public static Control FullComponent { get; } = new(ControlKind.FullComponent);

    /// <summary>Gets what the control puts in the place of the experiment.</summary>
    public ControlKind Kind { get; }

    /// <summary>Gets how often the control runs; 1 but for random ones.</summary>
    public int Draws { get; private init; } = 1;

    /// <summary>Gets the seed of the first draw; the others count on from it. Default: 0.</summary>
    public long Seed { get; init; }

    /// <summary>Gets the name that results show.</summary>
    public string Name => Kind switch
    {
        ControlKind.SelfSwap => "self swap",
        ControlKind.ShuffledSource => "shuffled source",
        ControlKind.FullComponent => "full component",
        _ => string.Create(CultureInfo.InvariantCulture, $"matched random × {Draws}"),
    };

    /// <summary>
    /// Returns the control in which every vector that the experiment writes differs from the base's by as much as in the experiment (the Euclidean length over
    /// the features), but in a random direction.
    /// </summary>
    /// <param name="draws">How many directions are drawn, at least 1; <c>MatchedRandom(20) with { Seed = 100 }</c> draws others.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no draw.</exception>
    public static Control MatchedRandom(int draws = 20)
    {
        if (draws < 1) throw new ArgumentOutOfRangeException(nameof(draws), draws, "The control draws at least one direction; MatchedRandom(20) draws 20.");
        return new(ControlKind.MatchedRandom) { Draws = draws };
    }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Seed == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}, seed {Seed}");

    /// <summary>Returns the experiment that a draw runs.</summary>
    /// <param name="config">The experiment.</param>
    /// <param name="draw">The draw, from 0.</param>
    /// <param name="order">For every example the one whose source it reads; <see langword="null"/> = no list of the configuration is by example.</param>
    /// <exception cref="InterventionException">The control has nothing to change in the experiment.</exception>
    internal InterventionConfig Of(InterventionConfig config, int draw, IReadOnlyList<int>? order)
    {
        var changed = config.Interventions.Select(spec => Of(spec, draw, order) ?? spec).ToImmutableArray();
        return changed.Zip(config.Interventions).Any(pair => !ReferenceEquals(pair.First, pair.Second))
            ? config with { Interventions = changed }
            : throw new InterventionException("controls", $"The control '{Name}' says nothing of this experiment: {Missing}. Leave the control out.");
    }

    /// <summary>Returns an order of examples in which none keeps its place: one circle through all, drawn by the seed (Sattolo, 1986).</summary>
    /// <param name="count">How many examples there are.</param>
    /// <exception cref="InterventionException">There is one only.</exception>
    internal int[] OrderOf(int count)
    {
        if (count < 2)
        {
            throw new InterventionException("controls", $"The control '{Name}' gives every example the source of another, but there is one example with these "
                + "sources; give it several, or leave the control out.");
        }

        int[] order = [.. Enumerable.Range(0, count)];
        var random = new Random(unchecked((int)(Seed ^ (Seed >> 32))));
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.Next(last);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }

    /// <summary>Returns what says that a sweep did not run this control.</summary>
    internal ArgumentException NotRun(IReadOnlyList<Control> ran, string parameter) => new(
        $"The sweep did not run the control '{this}'; it ran {(ran.Count == 0 ? "none" : string.Join(", ", ran))}. Give it RunOptions {{ Controls = […] }}.",
        parameter);

    /// <summary>Writes the control as an object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", Words[(int)Kind]);
        if (Kind == ControlKind.MatchedRandom) json.WriteNumber("draws", Draws);
        if (Seed != 0) json.WriteNumber("seed", Seed);
        json.WriteEndObject();
    }

    /// <summary>Reads a control from an object.</summary>
    internal static Control Read(JsonPlace json)
    {
        json.Fields("kind", "draws", "seed");
        var kind = Array.IndexOf(Words, json["kind"].String()) is >= 0 and var index
            ? (ControlKind)index
            : throw json["kind"].Wrong($"one of {string.Join(", ", Words.Select(word => $"\"{word}\""))}");
        if (kind != ControlKind.MatchedRandom && json.Member("draws") is { } draws) throw draws.Error($"is not taken by \"{Words[(int)kind]}\"; leave it out");
        var seed = json.Member("seed") is not { } given ? 0 : given.Element.IsWhole(out var number) ? number : throw given.Wrong("a whole number");
        return ConfigReader.Guard(json, () => (kind == ControlKind.MatchedRandom ? MatchedRandom(json["draws"].Integer(20)) : new(kind)) with { Seed = seed });
    }

    private static string[] Words { get; } = ["self_swap", "shuffled_source", "full_component", "matched_random"];

    private string Missing => Kind switch
    {
        ControlKind.SelfSwap or ControlKind.ShuffledSource => "none of its steps reads a source",
        ControlKind.FullComponent => "none of its steps exchanges a part of a component",
        _ => "none of its steps writes",
    };

    /// <summary>Returns what the control makes of a step; null = it stays.</summary>
    private InterventionSpec? Of(InterventionSpec spec, int draw, IReadOnlyList<int>? order)
    {
        var (intervention, site) = (spec.Intervention, spec.Site);
        var readsSource = intervention.Source != SourceNeed.None && spec.Constant is null;
        return Kind switch
        {
            ControlKind.SelfSwap when readsSource => spec with { Site = site with { ReadAt = null, ReadHeads = null } },
            ControlKind.ShuffledSource when readsSource => spec with
            {
                Site = site with
                {
                    ReadAt = order is not null && (site.ReadAt ?? site.At) is { IsPerExample: true } read ? read.Dealt(order) : site.ReadAt,
                    ReadHeads = order is not null && (site.ReadHeads ?? site.Heads) is { Index.IsPerExample: true } heads ? heads.Dealt(order) : site.ReadHeads,
                },
            },
            ControlKind.FullComponent when readsSource && intervention.Writes && (site.Features is not null || intervention.HasOwnSpace) =>
                spec with { Intervention = new Interchange(), Site = site with { Features = null } },
            ControlKind.MatchedRandom when intervention.Writes => spec with { MatchedRandom = Seed + draw },
            _ => null,
        };
    }
}
