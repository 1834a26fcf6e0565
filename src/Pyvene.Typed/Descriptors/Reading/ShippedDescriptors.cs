using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Holds the descriptors of the library: those of a project may be like them, and none may have the key of one, because configurations find both by the key.
/// </summary>
internal static class ShippedDescriptors
{
    private const string Ending = ".pyvene.json";

    private static readonly Lazy<IReadOnlyDictionary<string, DescriptorText>> All = new(Read);

    /// <summary>Gets their keys.</summary>
    public static IEnumerable<string> Keys => All.Value.Keys;

    /// <summary>Returns whether the library has a key.</summary>
    /// <param name="key">The key.</param>
    public static bool Contain(string key) => All.Value.ContainsKey(key);

    /// <summary>Returns the descriptor with a key, or <see langword="null"/>.</summary>
    /// <param name="key">The key.</param>
    public static DescriptorText? Find(string key) => All.Value.TryGetValue(key, out var found) ? found : null;

    private static IReadOnlyDictionary<string, DescriptorText> Read()
    {
        var assembly = typeof(ShippedDescriptors).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal))
            .OrderBy(name => name, StringComparer.Ordinal)
            .ToDictionary(
                name => name.Substring(0, name.Length - Ending.Length),
                name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                    return new DescriptorText(name, reader.ReadToEnd());
                },
                StringComparer.Ordinal);
    }
}
