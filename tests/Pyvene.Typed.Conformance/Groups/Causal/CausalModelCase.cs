using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Conformance.Groups.Causal;

/// <summary>Checks a causal model: its structure, runs, interchanges, classes, live paths, filters and data sets.</summary>
internal static class CausalModelCase
{
    private static readonly string[] ModelFields =
        ["variables", "inputs", "outputs", "values", "parents", "children", "given_timesteps", "timesteps", "defaults", "functions"];

    public static void Check(GoldenCase golden, Comparison comparison)
    {
        var fields = golden.Json.EnumerateObject().Where(field => ModelFields.Contains(field.Name)).ToDictionary(field => field.Name, field => field.Value);
        var model = CausalModel.Parse(JsonSerializer.Serialize(fields, JsonForm.Plain));
        comparison.Sequence("variables", model.Variables, Names(golden.Required("variables")));
        comparison.Sequence("inputs", model.Inputs, Names(golden.Required("inputs")));
        comparison.Sequence("outputs", model.Outputs, Names(golden.Required("outputs")));
        foreach (var (name, item) in Items(golden, "run_forward"))
        {
            comparison.Exact(name, model.Run(Setting(item.GetProperty("set"))), Setting(item.GetProperty("result")));
        }

        foreach (var (name, item) in Items(golden, "run_interchange"))
        {
            var sources = item.GetProperty("sources").EnumerateObject().Select(source => (source.Name, Setting(source.Value)));
            comparison.Exact(name, model.Interchange(Setting(item.GetProperty("base")), sources), Setting(item.GetProperty("result")));
        }

        foreach (var variable in golden.Field("equiv_classes")?.EnumerateObject().ToArray() ?? [])
        {
            var classes = model.EquivalenceClasses(variable.Name);
            comparison.Exact($"classes of {variable.Name}", classes.Count, variable.Value.GetArrayLength());
            foreach (var one in variable.Value.EnumerateArray())
            {
                comparison.Sequence(
                    $"class {one[0].GetRawText()} of {variable.Name}", classes[Value(one[0])], [.. one[1].EnumerateArray().Select(Setting)]);
            }
        }

        foreach (var (name, item) in Items(golden, "find_live_paths"))
        {
            var paths = model.LivePaths(Setting(item.GetProperty("set")));
            var recorded = item.GetProperty("paths").EnumerateObject().OrderBy(length => int.Parse(length.Name, CultureInfo.InvariantCulture)).ToArray();
            foreach (var length in recorded)
            {
                var ours = paths.Where(path => path.Length.ToString(CultureInfo.InvariantCulture) == length.Name).Select(path => string.Join('>', path));
                comparison.Sequence($"{name} of {length.Name}", [.. ours], [.. length.Value.EnumerateArray().Select(path => string.Join('>', Names(path)))]);
            }

            comparison.Exact($"{name}: last length", paths.IsEmpty ? 2 : paths[^1].Length + 1, recorded.Length + 1);
        }

        foreach (var (name, item) in Items(golden, "filters")) Filters(model, name, item, comparison);
        DataSetCase.Check(model, golden, comparison);
    }

    public static CausalSetting Setting(JsonElement setting) => setting.ValueKind is JsonValueKind.Null ? CausalSetting.Empty
        : new CausalSetting(setting.EnumerateObject().Select(value => (value.Name, Value(value.Value))));

    public static string[] Names(JsonElement names) => [.. names.EnumerateArray().Select(name => name.GetString()!)];

    private static void Filters(CausalModel model, string name, JsonElement item, Comparison comparison)
    {
        var setting = Setting(item.GetProperty("setting"));
        if (item.Optional("partial") is { } part)
        {
            comparison.Exact($"{name}.partial", model.PartialFilter(Setting(part))(setting), item.GetProperty("partial_result").GetBoolean());
        }

        if (item.Optional("start") is { } start)
        {
            var filter = model.PathFilter(start.GetString()!, item.GetProperty("end").GetString()!);
            comparison.Exact($"{name}.path", filter(setting), item.GetProperty("path_result").GetBoolean());
        }

        if (item.Optional("maxlen") is { } longest)
        {
            comparison.Exact($"{name}.maxlen", model.LongestPathFilter(longest.GetInt32())(setting), item.GetProperty("maxlen_result").GetBoolean());
        }
    }

    private static IEnumerable<(string Name, JsonElement Item)> Items(GoldenCase golden, string list) =>
        golden.Field(list)?.EnumerateArray().Select((item, index) => ($"{list}[{index}]", item)) ?? [];

    private static CausalValue Value(JsonElement value) => CausalModelReader.Value(value.GetRawText());
}
