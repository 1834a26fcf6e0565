using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Causal;

/// <summary>Reads a causal model of truth tables.</summary>
internal static class CausalModelReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What the text is, for messages.</param>
    public static CausalModel Read(string json, string name)
    {
        var fields = JsonText.Parse(json, new Origin(name)).Fields(
            "variables", "inputs", "outputs", "values", "parents", "children", "functions", "defaults", "timesteps", "given_timesteps");
        var values = Required("values").Fields();
        var parents = Required("parents").Fields();
        var functions = Required("functions").Fields();
        var defaults = Optional("defaults")?.Fields() ?? [];
        foreach (var (variable, place) in parents.Concat(functions).Concat(defaults).Where(pair => !values.ContainsKey(pair.Key)))
        {
            throw place.Error($"belongs to no variable that 'values' names.{NearestName.Suggestion(variable, values.Keys)}");
        }

        var model = new CausalModel(values.Select(pair => Variable(pair.Key, pair.Value)), Optional("given_timesteps") is { } given ? Steps(given) : null);
        Compare("timesteps", place => Ordered(Steps(place)), Ordered(model.TimeSteps));
        Compare("variables", Names, model.Variables);
        Compare("inputs", Names, model.Inputs);
        Compare("outputs", Names, model.Outputs);
        foreach (var (variable, place) in Optional("children")?.Members() ?? [])
        {
            if (!Names(place).Order(StringComparer.Ordinal).SequenceEqual(model.Children(variable).Order(StringComparer.Ordinal)))
            {
                throw place.Error($"must be {string.Join(", ", model.Children(variable))}, as the parents say");
            }
        }

        return model;

        JsonPlace? Optional(string field) => fields.TryGetValue(field, out var place) && place.Exists ? place : null;

        JsonPlace Required(string field) => Optional(field) ?? throw new CausalModelException(null, $"{name} has no field '{field}'.");

        CausalVariable Variable(string variable, JsonPlace domain)
        {
            IEnumerable<CausalValue>? open = domain.Exists ? domain.Items().Select(Value).ToArray() : null;
            var above = parents.TryGetValue(variable, out var place) ? Names(place).ToArray()
                : throw new CausalModelException(variable, $"{name}: 'parents' does not say what '{variable}' is computed from; an input has [].");
            CausalValue? otherwise = defaults.TryGetValue(variable, out var value) ? Value(value) : default(CausalValue?);
            if (above.Length == 0)
            {
                return functions.ContainsKey(variable) ? throw functions[variable].Error("belongs to an input, which is not computed; give it a default")
                    : CausalVariable.Input(variable, open, otherwise);
            }

            if (otherwise is not null) throw value.Error("belongs to a variable that is computed; only inputs have defaults");
            return functions.TryGetValue(variable, out var table) ? CausalVariable.FromTable(variable, open, above, table.Items().Select(Row))
                : throw new CausalModelException(variable, $"{name} has no function of '{variable}', which depends on {string.Join(", ", above)}.");
        }

        void Compare<T>(string field, Func<JsonPlace, IEnumerable<T>> read, IEnumerable<T> actual)
        {
            if (Optional(field) is { } place && !read(place).SequenceEqual(actual))
            {
                throw place.Error($"must be {string.Join(", ", actual)}, as the parents say");
            }
        }
    }

    /// <summary>Reads a value; a number with a point or an exponent is one that need not be whole.</summary>
    public static CausalValue Value(JsonPlace place) => place.Element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => place.Boolean(),
        JsonValueKind.String => place.String(),
        JsonValueKind.Number => place.Element.IsWhole(out var whole) && place.Element.GetRawText().AsSpan().IndexOfAny(".eE") < 0 ? whole : place.Double(),
        JsonValueKind.Array => place.Items().Select(item => item.Double()).ToArray(),
        _ => throw place.Wrong("true, false, a number, a text or a list of numbers"),
    };

    /// <summary>Reads a value from its JSON.</summary>
    public static CausalValue Value(string json) => Value(JsonText.Parse(json, new Origin("The value")));

    private static Dictionary<string, int> Steps(JsonPlace place) =>
        place.Members().ToDictionary(member => member.Name, member => member.Value.Integer(), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, int>> Ordered(IEnumerable<KeyValuePair<string, int>> steps) =>
        steps.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static IEnumerable<string> Names(JsonPlace place) => place.Items().Select(item => item.String());

    private static (IReadOnlyList<CausalValue> Parents, CausalValue Value) Row(JsonPlace row) => row.Items() is [var parents, var value]
        ? ([.. parents.Items().Select(Value)], Value(value))
        : throw row.Wrong("a row [[values of the parents], value]");

    private sealed class Origin(string name) : JsonOrigin(name)
    {
        public override PyveneException Malformed(string message, Exception? cause = null) => new CausalModelException(null, $"{Name} {message}.", cause);

        public override PyveneException Wrong(string path, string message, Exception? cause = null) =>
            new CausalModelException(null, path.Length == 0 ? $"{Name} {message}." : $"{Name}: {path} {message}.", cause);
    }
}
