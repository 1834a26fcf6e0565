using System.Text.Json;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Trains interventions inside of a model, and compares every loss, gradient norm and rate, and what comes of it.</summary>
internal static class RunCase
{
    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        var entries = golden.Required("interventions").EnumerateArray().ToArray();
        var modules = Modules(golden, entries);
        var (steps, expected, tolerances) = (golden.Required("steps").GetInt32(), golden.Required("expect"), golden.Required("tol"));
        using var plan = InterventionPlan.Bind(model, Config(golden, entries, modules, model));
        var data = golden.Required("data");
        var (all, batch) = Examples(golden, data, entries.Length, steps);
        var training = Rows(all, 0, steps * batch);
        var result = plan.Train(Set(training), Options(golden, batch));

        comparison.Holds(result.Steps.Count == steps, $"{result.Steps.Count} steps, expected {steps}");
        var names = golden.Required("expect").GetProperty("grad_norm_of").EnumerateArray().Select(name => $"intervention.{name.GetString()}").ToArray();
        var losses = expected.GetProperty("losses").EnumerateArray().Select(GoldenCase.Number).ToArray();
        var norms = expected.GetProperty("grad_norms").EnumerateArray().ToArray();
        for (var step = 0; step < steps; step++)
        {
            comparison.Number($"loss of step {step}", result.Steps[step].Loss, losses[step], Of(tolerances, "losses"));
            for (var index = 0; index < names.Length; index++)
            {
                // What takes no part in a step has no gradient.
                var norm = result.Steps[step].GradientNorms.GetValueOrDefault(names[index]);
                var recorded = norms[step][index];
                comparison.Number($"gradient of {names[index]} in step {step}", norm,
                    recorded.ValueKind is JsonValueKind.Null ? 0 : GoldenCase.Number(recorded), Of(tolerances, "grad_norms"));
            }
        }

        CheckRates(golden, comparison, result);
        foreach (var final in expected.GetProperty("final").EnumerateObject())
        {
            CheckFinal(golden, comparison, modules, final, tolerances);
        }

        var last = Set(Rows(all, steps * batch, batch)).Columns(null, () => CPU).Take([.. Enumerable.Range(0, batch)]);
        using var run = plan.Run(last.Base, last.Sources, new RunOptions { Effects = EffectCheck.Report });
        comparison.Tensor("logits", run.Logits, golden.Tensor(expected.GetProperty("logits")), Of(tolerances, "logits"));
    }

    private static void CheckRates(GoldenCase golden, Comparison comparison, TrainingResult result)
    {
        var recorded = golden.Required("expect").GetProperty("learning_rates").EnumerateArray().ToArray();
        var groups = golden.Required("optimizer").GetProperty("groups").EnumerateArray().ToArray();
        var updates = result.Steps.Where(step => step.LearningRates.Count > 0).ToArray();
        comparison.Exact("number of updates", updates.Length, recorded.Length);
        for (var update = 0; update < Math.Min(updates.Length, recorded.Length); update++)
        {
            for (var group = 0; group < groups.Length; group++)
            {
                var name = groups[group].GetProperty("params")[0].GetString()!;
                var rate = updates[update].LearningRates.First(item => item.Key.EndsWith("." + name, StringComparison.Ordinal)).Value;
                comparison.Number($"rate of group {group} at update {update}", rate, GoldenCase.Number(recorded[update][group]), new Tolerance(1e-6, 1e-12));
            }
        }
    }

    private static void CheckFinal(
        GoldenCase golden, Comparison comparison, IReadOnlyList<InterventionModule> modules, JsonProperty final, JsonElement tolerances)
    {
        var dot = final.Name.IndexOf('.', StringComparison.Ordinal);
        var (module, name) = (modules[int.Parse(final.Name[..dot], System.Globalization.CultureInfo.InvariantCulture)], final.Name[(dot + 1)..]);
        var want = golden.Tensor(final.Value);
        if (name is "weight" or "projector")
        {
            using var weight = ((RotatingModule)module).ComputeRotation();
            comparison.Tensor(final.Name, name is "weight" ? weight : weight.matmul(weight.mT), want,
                Of(tolerances, name is "projector" ? "projector" : "params"));
            return;
        }

        comparison.Tensor(final.Name, module.CopyState()[name], want, Of(tolerances, "params"));
    }

    private static Tolerance Of(JsonElement tolerances, string name) =>
        new(GoldenCase.Number(tolerances.GetProperty(name).GetProperty("rtol")), GoldenCase.Number(tolerances.GetProperty(name).GetProperty("atol")));

    private static List<InterventionModule> Modules(GoldenCase golden, JsonElement[] entries)
    {
        var modules = new List<InterventionModule>();
        var states = golden.Required("state").EnumerateArray().ToArray();
        for (var index = 0; index < entries.Length; index++)
        {
            var link = entries[index].Optional("link")?.GetRawText();
            var first = link is null ? index : Array.FindIndex(entries, entry => entry.Optional("link")?.GetRawText() == link);
            if (first < index)
            {
                modules.Add(modules[first]);
                continue;
            }

            var module = ModuleReader.Read(entries[index], entries[index].GetProperty("embed_dim").GetInt32());
            if (module.IsPerUnit != entries[index].GetProperty("keep_last_dim").GetBoolean()) module = PerUnit(entries[index], module);
            var state = module.CopyState().ToDictionary();
            foreach (var entry in states[index].EnumerateObject()) state[entry.Name] = golden.Tensor(entry.Value);
            module.LoadState(state);
            modules.Add(module);
        }

        return modules;
    }

    private static InterventionModule PerUnit(JsonElement fields, InterventionModule other) => (other, fields.GetProperty("embed_dim").GetInt32()) switch
    {
        (RotatedSpace, var width) => new RotatedSpace(width) { IsPerUnit = true, Dimensions = other.Dimensions },
        (LowRankRotatedSpace, var width) =>
            new LowRankRotatedSpace(width, fields.GetProperty("low_rank_dimension").GetInt32()) { IsPerUnit = true, Dimensions = other.Dimensions },
        (BoundlessRotatedSpace, var width) => new BoundlessRotatedSpace(width) { IsPerUnit = true },
        (SigmoidMask, _) => other, // one unit is treated alike either way
        (SigmoidMaskRotatedSpace, var width) => new SigmoidMaskRotatedSpace(width) { IsPerUnit = true },
        (Autoencoder, var width) => new Autoencoder(width, fields.GetProperty("latent_dim").GetInt32()) { IsPerUnit = true, Dimensions = other.Dimensions },
        _ => throw new UnsupportedCaseException($"'{other.Type}' with its last axis kept or not kept as the case says"),
    };

    private static InterventionConfig Config(GoldenCase golden, JsonElement[] entries, IReadOnlyList<InterventionModule> modules, PretrainedModel model)
    {
        var plans = golden.Required("plan").EnumerateArray().ToArray();
        return new InterventionConfig
        {
            Architecture = Descriptors.ArchitectureDescriptor.FindByClass(model.GetName())?.Key,
            Sources = entries.Length,
            Interventions = [.. entries.Select((fields, index) =>
            {
                var chosen = plans.Where(plan => plan.GetProperty("active")[index].GetBoolean()).Select(plan => plan.Optional("subspaces") is { } rows
                    && rows[index].ValueKind is not JsonValueKind.Null ? rows[index].GetRawText() : null).Distinct().ToArray();
                if (chosen.Length > 1) throw new UnsupportedCaseException("features of one intervention that differ from step to step");
                using var row = chosen.FirstOrDefault() is { } text ? JsonDocument.Parse($"[{text}]") : null;
                var features = row is null ? null : Features.Of(FeatureReader.Read(row.RootElement, fields.Optional("subspace_partition"), index)[0]);
                return new InterventionSpec
                {
                    Intervention = new Learned(modules[index]),
                    Source = index,
                    Site = new SiteSpec
                    {
                        Component = fields.GetProperty("component").GetString(),
                        Layer = fields.GetProperty("layer").GetInt32(),
                        At = Positions.Marked($"{index}"),
                        ReadAt = Positions.Marked($"{index}"),
                        Features = features,
                    },
                };
            })],
        };
    }

    private static TrainingOptions Options(GoldenCase golden, int batch)
    {
        var optimiser = Optimiser.Adam();
        foreach (var group in golden.Required("optimizer").GetProperty("groups").EnumerateArray())
        {
            foreach (var name in group.GetProperty("params").EnumerateArray())
            {
                optimiser = optimiser.With(name.GetString()!, GoldenCase.Number(group.GetProperty("lr")));
            }
        }

        var schedule = golden.Field("schedule") is { } given
            ? RateSchedule.Linear(GoldenCase.Number(given.GetProperty("warmup")), given.GetProperty("total").GetInt32())
            : RateSchedule.Constant;
        return new TrainingOptions
        {
            BatchSize = batch,
            Seed = null,
            Accumulate = golden.Required("accumulate").GetInt32(),
            Optimiser = optimiser with { LearningRate = 0 },
            Schedule = schedule,
            Temperatures = golden.Field("temperatures") is { } temperatures
                ? TemperatureSchedule.Of([.. temperatures.EnumerateArray().Select(GoldenCase.Number)]) : null,
            Regularisers = [.. golden.Required("regularisers").EnumerateArray().Select(term => new Regulariser(
                term.GetProperty("kind").GetString() is "sum" ? RegulariserKind.Sum : RegulariserKind.L1,
                term.GetProperty("param").GetString()!,
                GoldenCase.Number(term.GetProperty("coefficient"))))],
            TellGradients = true,
        };
    }

    private static (ExampleRows Rows, int Batch) Examples(GoldenCase golden, JsonElement data, int interventions, int steps)
    {
        var (@base, source) = (golden.Tensor(data.GetProperty("base")), golden.Tensor(data.GetProperty("source")));
        var batch = (int)@base.shape[1];
        var plans = golden.Required("plan").EnumerateArray().ToArray();
        var given = new List<bool>();
        for (var step = 0; step <= steps; step++)
        {
            for (var row = 0; row < batch; row++)
            {
                given.AddRange(plans[step % plans.Length].GetProperty("active").EnumerateArray().Select(flag => flag.GetBoolean()));
            }
        }

        return (new ExampleRows(
            @base.flatten(0, 1),
            [.. Enumerable.Range(0, interventions).Select(index => source.select(2, index).flatten(0, 1))],
            golden.Tensor(data.GetProperty("labels")).flatten(0, 1),
            tensor(given.ToArray(), [(steps + 1) * batch, interventions]),
            PositionsOf(golden.Tensor(data.GetProperty("base_pos"))),
            PositionsOf(golden.Tensor(data.GetProperty("source_pos"))),
            golden.Text("input") is not "inputs_embeds"), batch);
    }

    // [step, batch, intervention, position]
    private static Positions[][] PositionsOf(Tensor places)
    {
        var (rows, count, width) = ((int)(places.shape[0] * places.shape[1]), (int)places.shape[2], (int)places.shape[3]);
        var numbers = places.to(int64).contiguous().data<long>().ToArray();
        return [.. Enumerable.Range(0, count).Select(index => Enumerable.Range(0, rows).Select(row =>
            Positions.Of([.. Enumerable.Range(0, width).Select(place => (Index)(int)numbers[(((row * count) + index) * width) + place])])).ToArray())];
    }

    private static ExampleRows Rows(ExampleRows all, int start, int count) => all with
    {
        Base = all.Base.narrow(0, start, count),
        Sources = [.. all.Sources.Select(source => source.narrow(0, start, count))],
        Labels = all.Labels.narrow(0, start, count),
        Given = all.Given.narrow(0, start, count),
        BasePlaces = [.. all.BasePlaces.Select(places => places[start..(start + count)])],
        SourcePlaces = [.. all.SourcePlaces.Select(places => places[start..(start + count)])],
    };

    private static CounterfactualSet Set(ExampleRows rows)
    {
        var source = Marks(rows.SourcePlaces);
        return CounterfactualSet.OfTensors(
            Inputs(rows.Base), [.. rows.Sources.Select(Inputs)], rows.Labels, rows.Given, null,
            [Marks(rows.BasePlaces), .. rows.Sources.Select(_ => source)]);

        ModelInputs Inputs(Tensor values) => rows.IsOfTokens ? new ModelInputs { InputIds = values } : new ModelInputs { InputsEmbeds = values };
    }

    private static Dictionary<string, IReadOnlyList<Positions>> Marks(Positions[][] places) =>
        places.Select((rows, index) => (index, rows)).ToDictionary(item => $"{item.index}", item => (IReadOnlyList<Positions>)item.rows);

    private sealed record ExampleRows(
        Tensor Base, IReadOnlyList<Tensor> Sources, Tensor Labels, Tensor Given, Positions[][] BasePlaces, Positions[][] SourcePlaces, bool IsOfTokens);
}
