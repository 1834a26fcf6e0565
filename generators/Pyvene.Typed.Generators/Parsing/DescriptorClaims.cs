using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Settles among the descriptors of a project who makes which type and who has which key: the first, in the order of their paths.</summary>
internal static class DescriptorClaims
{
    /// <summary>Settles it.</summary>
    /// <param name="descriptors">All descriptors.</param>
    /// <param name="options">What the project says.</param>
    /// <param name="usesLibrary">Whether the project references the library; the library itself does not.</param>
    public static DescriptorSet Of(ImmutableArray<ParsedDescriptor> descriptors, GeneratorOptions options, bool usesLibrary)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = new List<(ParsedDescriptor Descriptor, string Space)>();
        var errors = new List<ParseDiagnostic>();
        foreach (var descriptor in InOrder(descriptors))
        {
            errors.AddRange(descriptor.Diagnostics);
            if (descriptor.Model is not { } model) continue;
            var space = model.Namespace ?? options.RootNamespace;
            var name = ClaimedModel.NameIn(space, model.Type);
            if (types.TryGetValue(name, out var maker))
            {
                errors.Add(new ParseDiagnostic(DescriptorRules.DuplicateType, descriptor.TypePlace, new[] { model.Type, maker }.ToEquatableArray()));
            }
            else if (OwnerOf(model.Architecture, keys, usesLibrary) is { } owner)
            {
                errors.Add(new ParseDiagnostic(DescriptorRules.TakenKey, descriptor.KeyPlace, new[] { model.Architecture, owner }.ToEquatableArray()));
            }
            else
            {
                types.Add(name, descriptor.Path);
                keys.Add(model.Architecture, $"described by '{descriptor.Path}'");
                kept.Add((descriptor, space));
            }
        }

        var hints = HintNames.For([.. kept.Select(item => (item.Descriptor.Model!.Type, ClaimedModel.NameIn(item.Space, item.Descriptor.Model.Type)))]);
        return new DescriptorSet(
            kept.Zip(hints, (item, hint) => new ClaimedModel(item.Descriptor.Model!, item.Space, hint, item.Descriptor.Path)).ToEquatableArray(),
            kept.Select(item => item.Descriptor.TypePlace).ToEquatableArray(),
            errors.ToEquatableArray());
    }

    // A file that a project names twice is one descriptor.
    private static IEnumerable<ParsedDescriptor> InOrder(ImmutableArray<ParsedDescriptor> descriptors) => descriptors
        .GroupBy(descriptor => FullPath(descriptor.Path), StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.First());

    // Compilers run elsewhere too: no file is looked at.
    private static string FullPath(string path) => string.Join("/", path.Replace(Path.DirectorySeparatorChar, '/').Split('/').Where(part => part != "."));

    private static string? OwnerOf(string key, Dictionary<string, string> keys, bool usesLibrary) =>
        usesLibrary && ShippedDescriptors.Contain(key) ? "one that Pyvene.Typed ships" : keys.TryGetValue(key, out var owner) ? owner : null;
}
