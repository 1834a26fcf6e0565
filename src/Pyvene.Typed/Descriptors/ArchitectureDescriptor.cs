using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Descriptors;

/// <summary>Describes an architecture: its classes, sizes and components. The generator makes it from a <c>*.pyvene.json</c> file.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed partial record ArchitectureDescriptor
{
    private static readonly ConcurrentDictionary<string, ImmutableArray<Func<ArchitectureDescriptor>>> Registered = new(StringComparer.Ordinal);

    // Beside the descriptor and not in it: a field would count when two are compared, and a changed copy would keep the table of the first.
    private static readonly ConditionalWeakTable<ArchitectureDescriptor, Dictionary<string, ComponentDescriptor>> ByName = [];
    private static readonly ConditionalWeakTable<ArchitectureDescriptor, Dictionary<string, long?>> Defaults = [];

    /// <summary>Gets the key, such as <c>gpt2</c>; configurations name the architecture by it.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// Gets whether configurations leave the architecture out and name every place by its module path, as for a module of your own, which no other program
    /// knows.
    /// </summary>
    public bool NamesPlacesByPath { get; init; }

    /// <summary>Gets one sentence about the architecture.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Gets the module prefix of every class that the descriptor serves, such as <c>GPT2LMHeadModel</c> → <c>transformer.</c></summary>
    public required IReadOnlyDictionary<string, string> Classes { get; init; }

    /// <summary>Gets the named sizes: each a list of expressions over configuration fields and other sizes, of which the first that can be computed counts. One
    /// may be a field with what it stands for where a configuration leaves it out: <c>num_key_value_heads=8</c>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Sizes { get; init; }

    /// <summary>Gets the number of layers of the main row as an expression, or <see langword="null"/> when the architecture has none.</summary>
    public string? LayerCount { get; init; }

    /// <summary>Gets the components.</summary>
    public required IReadOnlyList<ComponentDescriptor> Components { get; init; }

    /// <summary>Gets the sums that hold in every run, such as <c>block_output</c> → <c>block_input</c>, <c>attention_output</c>, <c>mlp_output</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Residuals { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets the published checkpoints whose sizes are known, by the name of their generated class.</summary>
    public IReadOnlyDictionary<string, CheckpointDescriptor> Checkpoints { get; init; } = new Dictionary<string, CheckpointDescriptor>();

    /// <summary>Makes an architecture known to configurations, which name it by its key. Generated code calls this when its assembly is loaded.</summary>
    /// <remarks>A key of the library's own stays the library's. One that two assemblies register is refused when it is looked for.</remarks>
    /// <param name="key">The architecture's key.</param>
    /// <param name="descriptor">Returns the descriptor; called when it is first needed.</param>
    public static void Register(string key, Func<ArchitectureDescriptor> descriptor)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(descriptor);
        Registered.AddOrUpdate(key, [descriptor], (_, known) => known.Any(other => other.Method == descriptor.Method
            || AssemblyOf(other) == typeof(ArchitectureDescriptor).Assembly) ? known : known.Add(descriptor));
    }

    /// <summary>Finds an architecture by its key.</summary>
    /// <param name="key">The key, such as <c>gpt2</c>.</param>
    /// <param name="descriptor">The descriptor.</param>
    /// <returns>Whether it is known.</returns>
    /// <exception cref="InterventionException">Several assemblies describe an architecture of this key.</exception>
    public static bool TryFind(string key, [NotNullWhen(true)] out ArchitectureDescriptor? descriptor)
    {
        descriptor = null;
        if (!Registered.TryGetValue(key, out var known))
        {
            return ReadHere.TryGetValue(key, out descriptor);
        }

        if (ReadHere.ContainsKey(key)) throw Taken(key, AssemblyOf(known[0])); // an assembly that was loaded behind it

        if (known.Length > 1)
        {
            throw new InterventionException(
                "architecture",
                $"The assemblies {string.Join(" and ", known.Select(item => $"'{AssemblyOf(item).GetName().Name}'"))} both describe an architecture '{key}', "
                    + "so the key does not tell which is meant; choose another key in one of the descriptors.");
        }

        descriptor = known[0]();
        return descriptor is { Classes: not null, Sizes: not null, Components: not null, Residuals: not null, Checkpoints: not null }
            ? true
            : throw new InterventionException(
                "architecture", $"What is registered as the architecture '{key}' is no whole descriptor: it is null, or one of its tables is.");
    }

    /// <summary>Gets the keys of all known architectures, in order; without those that several assemblies describe.</summary>
    public static IReadOnlyList<string> KnownKeys =>
        [.. Registered.Where(item => item.Value.Length == 1).Select(item => item.Key).Union(ReadHere.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Finds a component by its name.</summary>
    /// <param name="name">The name, such as <c>mlp_output</c>.</param>
    /// <param name="component">The component.</param>
    /// <returns>Whether the architecture has it.</returns>
    public bool TryFindComponent(string name, [NotNullWhen(true)] out ComponentDescriptor? component) =>
        ByName.GetValue(this, static known => known.Components.ToDictionary(item => item.Name, StringComparer.Ordinal)).TryGetValue(name, out component);

    /// <summary>Returns the module path of a component, as its descriptor says it, in a class: with <c>[layer]</c> where there is one.</summary>
    /// <param name="component">The component.</param>
    /// <param name="className">The class, one of <see cref="Classes"/>.</param>
    internal string PathOf(ComponentDescriptor component, string className) =>
        component.Path.StartsWith('/') ? component.Path[1..] : Classes[className] + component.Path;

    /// <summary>Finds the descriptor that has a class; <see langword="null"/> when none that is known has it.</summary>
    /// <param name="className">The class's name in transformers, such as <c>GPT2LMHeadModel</c>.</param>
    public static ArchitectureDescriptor? FindByClass(string className) =>
        KnownKeys.Select(key => TryFind(key, out var found) ? found : null).FirstOrDefault(descriptor => descriptor?.Classes.ContainsKey(className) == true);

    /// <summary>Returns what a field of a configuration stands for where it is left out, or <see langword="null"/> when no size has a default for it.</summary>
    /// <param name="key">The key of an architecture that is known.</param>
    /// <param name="field">The field's Hugging Face name.</param>
    internal static long? DefaultOf(string key, string field) =>
        TryFind(key, out var descriptor)
            ? Defaults.GetValue(descriptor, static known => DefaultsOf(known.Sizes)).GetValueOrDefault(field)
            : throw new ArgumentException($"No architecture '{key}' is described.", nameof(key));

    // Of every field that a size may be read from: the default of that size.
    private static Dictionary<string, long?> DefaultsOf(IReadOnlyDictionary<string, IReadOnlyList<string>> sizes) =>
        sizes.Values.Select(alternatives => alternatives.Select(SizeExpression.WithoutDefault).ToArray())
            .SelectMany(alternatives => alternatives.Select(alternative =>
                (Field: alternative.Expression, Default: alternatives.Select(other => other.Default).FirstOrDefault(found => found is not null))))
            .GroupBy(size => size.Field, StringComparer.Ordinal)
            .ToDictionary(
                fields => fields.Key, fields => fields.Select(size => size.Default).FirstOrDefault(found => found is not null), StringComparer.Ordinal);

    private static InterventionException Taken(string key, Assembly owner) => new(
        "architecture",
        $"The assembly '{owner.GetName().Name}' describes the architecture '{key}', so a descriptor that is read cannot have that key; choose another.");

    private static Assembly AssemblyOf(Func<ArchitectureDescriptor> descriptor) => descriptor.Method.Module.Assembly;
}
