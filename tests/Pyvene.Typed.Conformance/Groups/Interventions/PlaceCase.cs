using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads or writes a place of a tensor, as <c>gather</c> and <c>scatter</c> cases ask: heads and positions in the descriptor's view.</summary>
internal static class PlaceCase
{
    /// <summary>Runs a <c>gather</c> case: the values at the place.</summary>
    public static void Gather(GoldenCase golden, Comparison comparison)
    {
        var view = View(golden, golden.Tensor(golden.Required("input")));
        comparison.Tensor("output", IndexOf(golden, view).Gather(view), Expected(golden), golden.Tolerance(Tolerance.Forward));
    }

    /// <summary>Runs a <c>scatter</c> case: the tensor with new values at the place.</summary>
    public static void Scatter(GoldenCase golden, Comparison comparison)
    {
        var whole = golden.Tensor(golden.Required("input"));
        var view = View(golden, whole);
        IndexOf(golden, view).Scatter(view, golden.Tensor(golden.Required("new")));
        comparison.Tensor("output", whole, Expected(golden), golden.Tolerance(Tolerance.Forward));
    }

    /// <summary>The component's view of a tensor; without a component the tensor is split already.</summary>
    private static Tensor View(GoldenCase golden, Tensor whole)
    {
        if (golden.Text("component") is not { } name) return whole;
        var config = golden.Required("model_config");
        var family = config.GetProperty("family").GetString()!;
        if (!ArchitectureDescriptor.TryFind(family, out var descriptor))
            throw new UnsupportedCaseException($"the architecture '{family}' is not described yet");
        if (!descriptor.TryFindComponent(name, out var component)) throw new UnsupportedCaseException($"'{family}' has no component '{name}' yet");
        var sizes = new ArchitectureSizes(descriptor, ModelConfig.Parse(config.GetRawText(), golden.Id));
        return component.View.Aggregate(whole, (view, step) => step.View(view, expression => sizes[expression]));
    }

    private static PlaceIndex IndexOf(GoldenCase golden, Tensor view)
    {
        const string Field = "location";
        var location = golden.Required(Field);
        // An upstream switch: the first example's location stands for all.
        int[][] Rows(JsonElement rows) => Spread(IndexTable.Read(rows, Field), golden.Flag("use_fast"));
        var (heads, columns) = golden.Required("unit").GetString() switch
        {
            "h" => (Rows(location), null),
            { } unit when SiteReader.IsNested(unit) => (Rows(location[0]), Rows(location[1])),
            _ => ((int[][]?)null, Rows(location)),
        };
        long[][]? positions = columns is null ? null : [.. columns.Select(row => Array.ConvertAll(row, column => (long)column))];
        return PlaceIndex.Create(view, heads is null ? null : 1, heads is null ? null : IndexRows.PerExample(heads, "heads"), positions, features: null);
    }

    private static int[][] Spread(int[][] rows, bool firstForAll) => firstForAll ? [.. rows.Select(_ => rows[0])] : rows;

    private static Tensor Expected(GoldenCase golden) => golden.Tensor(golden.Required("expect").GetProperty("output"));
}
