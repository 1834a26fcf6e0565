using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Pyvene.Typed.Checkpoints.Pickle;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Saved;

/// <summary>
/// Compares a value of a pickle with its description: <c>{"t": …}</c> a tensor, <c>{"dict"}</c>, <c>{"odict"}</c>, <c>{"tuple"}</c>, <c>{"int"}</c>,
/// <c>{"float"}</c>, <c>{"f"}</c>, a list or a scalar.
/// </summary>
internal static class PickledValue
{
    /// <summary>Compares a value and everything in it; the tensors it meets are added by name.</summary>
    public static void Compare(
        PickleFile file, object? got, JsonElement want, GoldenCase golden, Comparison comparison, string place, Dictionary<string, PickledTensor> tensors)
    {
        if (GoldenCase.IsTensor(want) && got is PickledTensor tensor)
        {
            CompareTensor(file, tensor, want, golden, comparison, place);
            tensors[want.GetProperty("t").GetString()!] = tensor;
        }
        else if (got is PickleDictionary map && (Member(want, "dict") ?? Member(want, "odict")) is { } items)
        {
            comparison.Exact($"{place} is ordered", map.IsOrdered, Member(want, "odict") is not null);
            comparison.Exact($"{place} count", map.Items.Count, items.GetArrayLength());
            for (var i = 0; i < Math.Min(map.Items.Count, items.GetArrayLength()); i++)
            {
                Compare(file, map.Items[i].Key, items[i][0], golden, comparison, $"{place} key {i}", tensors);
                Compare(file, map.Items[i].Value, items[i][1], golden, comparison, $"{place}[{items[i][0]}]", tensors);
            }
        }
        else if (Items(got, want) is var (values, expected))
        {
            comparison.Exact($"{place} count", values.Count, expected.GetArrayLength());
            for (var i = 0; i < Math.Min(values.Count, expected.GetArrayLength()); i++)
                Compare(file, values[i], expected[i], golden, comparison, $"{place}[{i}]", tensors);
        }
        else
        {
            comparison.Exact(place, got, Scalar(want));
        }
    }

    /// <summary>Lists the tensors in a value, each once, however deep it is.</summary>
    public static IEnumerable<PickledTensor> Tensors(object? value)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object?>([value]);
        while (waiting.TryPop(out var next))
        {
            if (next is null || !seen.Add(next)) continue;
            if (next is PickledTensor tensor) yield return tensor;
            var members = next switch
            {
                List<object?> list => list,
                PickleTuple tuple => tuple.Items,
                PickleDictionary dictionary => dictionary.Items.Select(item => item.Value),
                _ => [],
            };
            foreach (var member in members) waiting.Push(member);
        }
    }

    private static void CompareTensor(PickleFile file, PickledTensor got, JsonElement want, GoldenCase golden, Comparison comparison, string place)
    {
        using var scope = NewDisposeScope();
        var values = golden.Tensor(want);
        comparison.Exact($"{place} dtype", got.Info.Dtype, values.dtype);
        comparison.Sequence($"{place} shape", got.Shape, [.. want.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())]);
        comparison.Sequence($"{place} stride", got.Strides, [.. want.GetProperty("stride").EnumerateArray().Select(stride => stride.GetInt64())]);
        comparison.Exact($"{place} is a parameter", got.IsParameter, want.GetProperty("parameter").GetBoolean());
        comparison.Exact($"{place} requires a gradient", got.RequiresGradient, want.GetProperty("requires_grad").GetBoolean());
        comparison.Tensor(place, file.Read(got), values, default);
    }

    private static (IReadOnlyList<object?> Values, JsonElement Expected)? Items(object? got, JsonElement want) => got switch
    {
        List<object?> list when want.ValueKind is JsonValueKind.Array => (list, want),
        PickleTuple tuple when Member(want, "tuple") is { } members => (tuple.Items, members),
        _ => null,
    };

    private static object? Scalar(JsonElement want) => want.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => want.GetString(),
        JsonValueKind.Number => want.GetInt64(),
        _ when Member(want, "int") is { } digits => BigInteger.Parse(digits.GetString()!, CultureInfo.InvariantCulture) is var big
            && big >= long.MinValue
            && big <= long.MaxValue ? (object)(long)big : big,
        _ when Member(want, "float") is { } number => number.GetDouble(),
        _ when Member(want, "f") is not null => GoldenCase.Number(want),
        _ => throw new InvalidDataException($"the expectation {want.GetRawText()} is of no known kind"),
    };

    private static JsonElement? Member(JsonElement want, string name) =>
        want.ValueKind is JsonValueKind.Object && want.TryGetProperty(name, out var value) ? value : null;
}
