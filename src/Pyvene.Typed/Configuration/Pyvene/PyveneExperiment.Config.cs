using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

public sealed partial record PyveneExperiment
{
    /// <summary>Returns the same experiment in the library's form, which holds the places too.</summary>
    /// <param name="model">The model that it is for; it tells the names of components and their widths.</param>
    /// <param name="call">The arguments of the call.</param>
    /// <param name="batch">The number of examples of the base, from 1.</param>
    /// <exception cref="InterventionException">The call does not fit the configuration, or either the model; the message names the field of pyvene's
    /// call.</exception>
    /// <remarks>Interventions with weights get new modules, which are the caller's; entries with one link key share one.</remarks>
    public InterventionConfig ToConfig(PretrainedModel model, PyveneCall call, int batch) =>
        ToConfig(model, call, batch, new Dictionary<string, IReadOnlyDictionary<string, Tensor>>());

    /// <summary>Returns the same experiment with the weights that were saved.</summary>
    internal InterventionConfig ToConfig(
        PretrainedModel model, PyveneCall call, int batch, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> states)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        var architecture = ArchitectureDescriptor.FindByClass(model.GetName());
        var sources = SourcesOf(call);
        var locations = new PyveneLocations(this, sources).Read(call.UnitLocations);
        var features = new PyveneSubspaces(this, batch).Read(call.Subspaces);
        var constants = ConstantsOf(call);
        var modules = new Dictionary<string, InterventionModule>(StringComparer.Ordinal);
        var translator = new PyveneSites(architecture, model.Config, batch);
        // What the folder's tensors or the model's own widths account for may be made, whatever else the configuration asks for.
        var stored = states.Values.Sum(state => state.Values.Sum(value => value.numel()));
        var widest = Representations.Select((entry, index) => translator.Width(entry, $"representations[{index}]") ?? 0).DefaultIfEmpty().Max();
        using var limit = SizeLimit.Begin(Math.Max(SizeLimit.OfText, stored + (2 * Representations.Length * widest * widest)));
        return new InterventionConfig
        {
            Architecture = architecture?.Key,
            Mode = Mode,
            Sources = SourceCount,
            Interventions = [.. Representations.Select(Spec)],
        };

        InterventionSpec Spec(PyveneRepresentation entry, int index)
        {
            translator.CheckRank(entry, index);
            var intervention = PyveneTypes.Create(entry, features[index], () => Module(entry, index));
            // A function gets the subspaces as they are: they do not narrow what it sees.
            var narrowed = entry.Function is null ? features[index] : null;
            var constant = entry.Constant ?? constants[index];
            var isRead = constant is null && intervention.Source is not SourceNeed.None;
            var units = isRead ? locations[index] : (null, locations[index].Base);
            return new InterventionSpec
            {
                Intervention = intervention,
                Site = translator.Site(entry, index, units, isRead && sources[Groups[index]]) with
                {
                    Features = PyveneSubspaces.Features(narrowed, index) ?? translator.LeadingFeatures(entry),
                },
                Source = Groups[index],
                Constant = constant,
            };
        }

        InterventionModule Module(PyveneRepresentation entry, int index)
        {
            var link = entry.LinkKey ?? $"#{index}";
            if (modules.TryGetValue(link, out var shared))
            {
                return shared;
            }

            var state = states.GetValueOrDefault(Keys[index]);
            var width = SavedWidth(state, index) ?? translator.Width(entry) * entry.MaxUnits
                ?? throw new InterventionException(
                    $"representations[{index}].component", $"representations[{index}]: the width of '{entry.Component}' is not known.");
            var module = modules[link] = Created(entry, index, width);
            if (state is not null)
            {
                module.LoadState(state);
            }

            return module;
        }
    }

    private static long? SavedWidth(IReadOnlyDictionary<string, Tensor>? state, int index)
    {
        const string name = "embed_dim";
        return state?.GetValueOrDefault(name) is not { } width ? null
            : width.numel() == 1 && !width.is_floating_point() && !width.is_complex() ? width.to(int64).cpu().item<long>()
            : throw new InterventionException(
                $"representations[{index}].{name}", $"'{name}' in the file of representations[{index}] must be one whole number, but is {width.dtype} "
                    + $"[{string.Join(", ", width.shape)}].");
    }

    private static InterventionModule Created(PyveneRepresentation entry, int index, long width)
    {
        try
        {
            return PyveneTypes.CreateModule(entry, int.CreateChecked(width));
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InterventionException($"representations[{index}]", $"representations[{index}] is {width} wide: {error.Message}", error);
        }
    }

    /// <summary>Returns which groups have a source; a single source serves all groups.</summary>
    private bool[] SourcesOf(PyveneCall call) => call.Sources.Count switch
    {
        0 => new bool[SourceCount],
        1 => [.. Enumerable.Repeat(call.Sources[0] is not null, SourceCount)],
        var count when count == SourceCount => [.. call.Sources.Select(source => source is not null)],
        var count => throw new InterventionException("sources", $"The call has {count} sources, but the configuration has {SourceCount} groups of "
            + "interventions, which take one each."),
    };

    private ConstantSource?[] ConstantsOf(PyveneCall call)
    {
        const string field = "source_representations";
        if (call.NamedConstants is { } named)
        {
            return named.Keys.FirstOrDefault(key => !Keys.Contains(key)) is { } unknown
                ? throw new InterventionException(field, $"'{field}' has the key '{unknown}', which no intervention "
                    + $"has.{NearestName.Suggestion(unknown, Keys)} The keys are {string.Join(", ", Keys)}.")
                : [.. Keys.Select(key => named.GetValueOrDefault(key))];
        }

        if (call.ListedConstants is { } listed)
        {
            return listed.Count == Keys.Length ? [.. listed] : throw new InterventionException(field, $"'{field}' has {listed.Count} entries, but there are "
                + $"{Keys.Length} interventions.");
        }

        return [.. Enumerable.Repeat(call.SharedConstant, Keys.Length)];
    }
}
