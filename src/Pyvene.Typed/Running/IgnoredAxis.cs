using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Running;

/// <summary>Refuses cells that do not use the value of an axis: their table would have equal rows, or columns, which look like a finding.</summary>
internal static class IgnoredAxis
{
    /// <summary>Returns the cells of two axes, the second of which runs fastest, once it is sure that each of them makes a difference.</summary>
    /// <param name="cells">The experiments of the cells.</param>
    /// <param name="rows">The first axis. A product of axes is one: a cell may leave a factor of it out on purpose.</param>
    /// <param name="columns">The second axis.</param>
    /// <exception cref="InterventionException">All cells are the same experiment along an axis of several values.</exception>
    public static IReadOnlyList<InterventionConfig> Refuse<TRow, TColumn>(
        IReadOnlyList<InterventionConfig> cells, IReadOnlyList<AxisPoint<TRow>> rows, IReadOnlyList<AxisPoint<TColumn>> columns)
    {
        if (cells.All(cell => cell.Interventions.IsEmpty)) return cells; // nothing is done anywhere, on purpose
        Check("rows", rows, index => cells[index % columns.Count]);
        Check("columns", columns, index => cells[index / columns.Count * columns.Count]);
        return cells;

        void Check<T>(string name, IReadOnlyList<AxisPoint<T>> points, Func<int, InterventionConfig> first)
        {
            if (points.Count < 2 || cells.Where((cell, index) => !AreOne(cell, first(index))).Any()) return;
            if (IsOfValues<T>() && cells.SelectMany(cell => cell.Interventions).Any(spec => MayDraw(spec.Intervention))) return;
            throw new InterventionException(
                "cell",
                $"The cell of the sweep is the same experiment for every value of its {name} ({points[0].Name}, {points[1].Name}"
                    + $"{(points.Count > 2 ? ", …" : "")}), so that all {points.Count} would be equal. Use the value that the cell gets, as in layer => … "
                    + "layer.MlpOutput …, or leave this axis out.");
        }
    }

    // Values of one's own may be numbers of repetitions; layers, heads and positions are not.
    private static bool IsOfValues<T>() => typeof(T) != typeof(Index) && typeof(T).Assembly != typeof(QueryHead).Assembly
        && !typeof(T).GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(ILayer<>));

    // Nobody knows whether a function, or a type, of one's own draws at random, so that every repetition has numbers of its own.
    private static bool MayDraw(Intervention intervention) =>
        intervention is CustomIntervention || intervention.GetType().Assembly != typeof(Intervention).Assembly;

    private static bool AreOne(InterventionConfig left, InterventionConfig right) => ReferenceEquals(left, right)
        || (left.Interventions.Length == right.Interventions.Length
            && left.Interventions.Zip(right.Interventions).All(pair => Owner(pair.First) == Owner(pair.Second))
            && left == right);

    // Descriptions leave tensors out, and here they may be all that differs.
    private static object? Owner(InterventionSpec spec) => (spec.Intervention as IStatefulIntervention)?.StateOwner;
}
