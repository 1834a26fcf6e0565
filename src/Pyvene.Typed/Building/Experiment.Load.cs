using System.Collections.Immutable;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Checkpoints.Hub;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed;

public sealed partial class Experiment<TModel, TSources>
{
    /// <summary>Loads an experiment that was saved: its configuration, or the folder that also holds what it learned.</summary>
    /// <remarks>
    /// The number of its sources is known when the program runs, so a run takes them as a list; <see cref="Load{TCount}"/> has it in the type.
    /// </remarks>
    /// <param name="path">
    /// A file that <see cref="InterventionConfig.Save"/> wrote, a folder that <see cref="ExperimentFolder.Save"/> wrote, or, when there is neither, the name of
    /// such a folder on the hub, <c>OWNER/NAME</c>, which is fetched once and kept.
    /// </param>
    /// <returns>
    /// The experiment; <see cref="HandleOf"/> gives the handles of its collecting steps. The modules of what learned are new, and the caller's.
    /// </returns>
    /// <exception cref="InterventionException">What was saved is malformed, or for another architecture.</exception>
    /// <exception cref="CheckpointException">The file of tensors is missing or malformed, or the hub has no such folder.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">This experiment has steps; begin with the generated class's <c>Experiment</c>.</exception>
    [Pure]
    public Experiment<TModel, ManySources> Load(string path) => Loaded<ManySources>(path, null);

    /// <summary>Loads an experiment that was saved and reads as many sources as the type says.</summary>
    /// <typeparam name="TCount">The number of sources, such as <see cref="OneSource"/>.</typeparam>
    /// <exception cref="InterventionException">What was saved is malformed, for another architecture, or reads another number of sources.</exception>
    /// <inheritdoc cref="Load(string)"/>
    [Pure]
    public Experiment<TModel, TCount> Load<TCount>(string path)
        where TCount : ISourceCount => Loaded<TCount>(path, typeof(TCount) == typeof(ManySources) ? null : TCount.Count);

    /// <summary>Returns the handle of a collecting step by the name that its configuration has for it.</summary>
    /// <param name="name">The name, such as <c>collect_0</c>.</param>
    /// <exception cref="InterventionException">No collecting step has this name.</exception>
    [Pure]
    public Collected<TModel> HandleOf(string name)
    {
        var known = handles.OfType<Collected<TModel>>().ToArray();
        return known.FirstOrDefault(handle => handle.Name == name.Given()) ?? throw new InterventionException(
            "name",
            $"No step of this experiment collects under the name '{name}'; there "
                + $"{(known.Length == 0 ? "is none" : $"are {string.Join(", ", known.Select(handle => handle.Name).Order(StringComparer.Ordinal))}")}.");
    }

    private Experiment<TModel, TCount> Loaded<TCount>(string path, int? expected)
        where TCount : ISourceCount
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!interventions.IsEmpty)
        {
            throw new InvalidOperationException(
                $"This experiment has steps already ({this}); what is loaded begins a new one: {typeof(TModel).Name}.Experiment.Load(…).");
        }

        if (!File.Exists(path) && !Directory.Exists(path) && ModelHub.IsName(path))
        {
            using var hub = new ModelHub();
            path = hub.Download(path);
        }

        var config = Directory.Exists(path) ? ExperimentFolder.Load(path) : InterventionConfig.Load(path);
        var own = TModel.Descriptor.NamesPlacesByPath ? null : TModel.Descriptor.Key;
        if (config.Architecture is { } saved && saved != own)
        {
            throw new InterventionException(
                "architecture",
                $"{path}: the experiment is on '{saved}', and this is {(own is null ? "a module of your own" : $"'{own}'")}; load it with that class.");
        }

        if (config.Architecture is null && own is not null && config.Interventions.FirstOrDefault(spec => spec.Site.ModulePath is null) is { } placeless)
        {
            throw new InterventionException("architecture", $"{path}: the place {placeless.Site} names a component, but no architecture that has it.");
        }

        if (expected is { } count && config.Sources != count)
        {
            throw new InterventionException(
                "sources",
                $"{path}: the experiment reads {config.Sources} sources, not {count}; ask for that number, or take Load(path), whose runs take a list.");
        }

        var named = Named(config.Interventions);
        var collected = named.Where(spec => !spec.Intervention.Writes).Select(spec => (object)new Collected<TModel>(spec.Name!, spec.Site.ToString()));
        return new Experiment<TModel, TCount>(named, [.. collected], config.Mode, config.Sources);
    }

    /// <summary>Gives the collecting steps names, as the typed verbs do.</summary>
    private static ImmutableArray<InterventionSpec> Named(ImmutableArray<InterventionSpec> specs)
    {
        var taken = specs.Select(spec => spec.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var next = 0;
        return [.. specs.Select(spec => spec.Intervention.Writes || spec.Name is not null ? spec : spec with { Name = Free() })];

        string Free()
        {
            while (!taken.Add($"collect_{next}")) next++;
            return $"collect_{next}";
        }
    }
}
