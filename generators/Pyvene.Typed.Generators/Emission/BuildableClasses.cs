using System;
using System.Collections.Generic;
using System.Linq;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Tells the model classes that the library has itself: those of its own descriptors.</summary>
internal static class BuildableClasses
{
    private static readonly Lazy<HashSet<string>> Known = new(() => new(
        ShippedDescriptors.Keys
            .SelectMany(key => ShippedDescriptors.Find(key)?.Root?.Find("classes")?.Members ?? [])
            .Select(member => member.Name),
        StringComparer.Ordinal));

    /// <summary>Gets their names in transformers.</summary>
    public static IEnumerable<string> Names => Known.Value;

    /// <summary>Returns the classes of a model that can be built.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<string> Of(ModelSpec model) => [.. model.Classes.Select(item => item.Name).Where(Known.Value.Contains)];
}
