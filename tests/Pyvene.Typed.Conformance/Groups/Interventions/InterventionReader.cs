using System.Collections.Immutable;
using System.Text.Json;
using Pyvene.Typed.Conformance.Expressions;
using Pyvene.Typed.Conformance.Groups.Training;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads what an intervention of a case does.</summary>
internal static class InterventionReader
{
    /// <summary>Reads the type and its parameters.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="fields">The entry of <c>interventions</c>.</param>
    /// <param name="subspaces">The entry of <c>subspaces</c>, which a lambda gets as it is.</param>
    /// <param name="field">The entry's name, for messages.</param>
    /// <exception cref="UnsupportedCaseException">The library has no such type yet.</exception>
    /// <exception cref="CaseFieldException">The parameters are not what the type needs.</exception>
    public static Intervention Read(GoldenCase golden, JsonElement fields, JsonElement? subspaces, string field) =>
        fields.GetProperty("type").GetString() switch
        {
            "vanilla" => new Interchange(),
            "zero" => new Zero(),
            "addition" => new Addition(),
            "subtraction" => new Subtraction(),
            "collect" => new Collect(),
            "skip" => new Skip(),
            "lambda" => new ExpressionIntervention(Expression.Compile(fields.GetProperty("expr").GetString()!), Table(subspaces, field)),
            "noise" => Noise(golden, fields.GetProperty("params")),
            "rotated" or "low_rank" or "low_rank_rotated_space" or "boundless" => Learned(golden, fields),
            var type => throw new UnsupportedCaseException($"the intervention type '{type}' is not supported yet"),
        };

    private static Noise Noise(GoldenCase golden, JsonElement parameters) =>
        new(ConstantSource.Of(golden.Tensor(parameters.GetProperty("noise"))), GoldenCase.Number(parameters.GetProperty("noise_level")));

    /// <summary>A case gives the effective values: the orthogonal matrix itself, whose columns are as long as the values are wide.</summary>
    private static Learned Learned(GoldenCase golden, JsonElement fields)
    {
        var parameters = fields.GetProperty("params");
        var rotation = golden.Tensor(parameters.GetProperty("rotate_layer.weight")); // [width, rank]
        var module = (RotatingModule)ModuleReader.Read(fields, (int)rotation.shape[0]);
        var state = module.CopyState().ToDictionary();
        foreach (var parameter in parameters.EnumerateObject())
            if (state.TryGetValue(parameter.Name, out var recorded)) state[parameter.Name] = golden.Tensor(parameter.Value).reshape(recorded.shape);
        module.LoadState(state);
        module.AssignRotation(rotation);
        return new Learned(module);
    }

    private static ImmutableArray<int[]>? Table(JsonElement? subspaces, string field)
    {
        if (subspaces is not { } given) return null;
        var rows = IndexTable.Read(given, field);
        return rows.All(row => row.Length == rows[0].Length)
            ? [.. rows]
            : throw new UnsupportedCaseException("a lambda with subspaces of different lengths is not supported yet");
    }
}
