using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Checks that a wrong configuration or call is refused before any forward pass, by a message or a field that names what is wrong.</summary>
internal static partial class ErrorCase
{
    /// <summary>Runs a case that must be refused.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, NamedModels models)
    {
        if (golden.Flag("shorthand_only"))
        {
            PyveneCallCase.CheckRefusal(golden, comparison, models.Of(golden.Required("model").GetString()!));
            return;
        }

        var field = golden.Required("error_field").GetString()!;
        var model = models.Of(golden.Required("model").GetString()!);
        using var watch = new ForwardWatch(model);
        try
        {
            var recorded = RunReader.Read(golden, model);
            using var plan = InterventionPlan.Bind(model, recorded.Config);
            using var run = plan.Run(recorded.Base, recorded.Sources, recorded.Options);
            comparison.Holds(golden.Flag("lenient"), $"nothing was refused, expected an error that names {field}");
        }
        catch (Exception refused) when (refused is PyveneException or CaseFieldException or ArgumentException)
        {
            comparison.Holds(!watch.HasRun, $"refused only after a forward pass began: {refused.Message}");
            comparison.Holds(Names(refused, field, golden), $"the error names another field than {field}: {refused.Message}");
        }
    }

    private static bool Names(Exception refused, string field, GoldenCase golden) =>
        refused.Message.Contains(field, StringComparison.Ordinal) || (refused is InterventionException own && FieldsOf(own, golden).Contains(field));

    /// <summary>The names that golden data has for a field of the library. Which side of a place is at fault stands in the message.</summary>
    private static IEnumerable<string> FieldsOf(InterventionException refused, GoldenCase golden)
    {
        var index = InterventionNumber().Match(refused.Message) is { Success: true } match ? match.Groups[1].Value : "0";
        string intervention = $"interventions[{index}]", location = $"locations[{index}]";
        var side = SourceWord().IsMatch(refused.Message) && !BaseWord().IsMatch(refused.Message) ? ".source" : ".base";
        return refused.Field switch
        {
            "component" or "architecture" => [$"{intervention}.component"],
            "layer" => [$"{intervention}.layer"],
            "unit" => [$"{intervention}.unit"],
            "heads" => [location, location + side, $"{intervention}.unit"],
            "positions" => [location, location + side],
            "features" when HasPartition(golden, index) => [$"{intervention}.subspace_partition"],
            "features" => [$"subspaces[{index}]"],
            "units" => [$"{intervention}.max_units"],
            "constant" => [$"{intervention}.source_representation"],
            "source" or "sources" => ["sources", $"sources[{index}]"],
            "interventions" => [intervention],
            var other => [other],
        };
    }

    /// <summary>Partition numbers are checked when they are read, so that a feature out of range is one of the partition's.</summary>
    private static bool HasPartition(GoldenCase golden, string index) =>
        golden.Required("interventions")[int.Parse(index, CultureInfo.InvariantCulture)].TryGetProperty("subspace_partition", out var partition)
        && partition.ValueKind is JsonValueKind.Array;

    [GeneratedRegex(@"\bsource\b")]
    private static partial Regex SourceWord();

    [GeneratedRegex(@"\bbase\b")]
    private static partial Regex BaseWord();

    [GeneratedRegex(@"intervention (\d+)")]
    private static partial Regex InterventionNumber();

    /// <summary>Notices whether any module that maps a tensor to a tensor was called.</summary>
    private sealed class ForwardWatch : IDisposable
    {
        private readonly List<Action> _removals = [];

        public ForwardWatch(PretrainedModel model)
        {
            foreach (var module in model.modules().OfType<nn.Module<Tensor, Tensor>>())
            {
                _removals.Add(module.register_forward_pre_hook((_, input) =>
                {
                    HasRun = true;
                    return input;
                }).remove);
            }
        }

        public bool HasRun { get; private set; }

        public void Dispose()
        {
            foreach (var remove in _removals) remove();
        }
    }
}
