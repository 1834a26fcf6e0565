using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;

namespace Pyvene.Typed.Descriptors;

public sealed partial record ArchitectureDescriptor
{
    private const long LongestFile = 1 << 20;

    private static readonly ConcurrentDictionary<string, ArchitectureDescriptor> ReadHere = new(StringComparer.Ordinal);

    // Kept so that another descriptor may be like one that was read.
    private static readonly ConditionalWeakTable<ArchitectureDescriptor, DescriptorText> Texts = [];

    /// <summary>Reads a descriptor (<c>*.pyvene.json</c>) while the program runs, with the checks that the generator makes at build time.</summary>
    /// <remarks>
    /// For experiments whose places come as text: <see cref="Register(ArchitectureDescriptor)"/> makes it known to configurations. A descriptor that is
    /// compiled with the project gives typed components, too. It may be like one of the library's (<c>"like": "llama"</c>), or like one registered before.
    /// </remarks>
    /// <param name="json">The descriptor.</param>
    /// <param name="origin">What messages call it.</param>
    /// <exception cref="InterventionException">The descriptor has errors; the message tells each with its line and column.</exception>
    public static ArchitectureDescriptor Parse(string json, string origin = "descriptor")
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(origin);
        var text = new DescriptorText(origin, json);
        var descriptor = DescriptorFile.Read(text, [.. ReadHere.Values.Select(TextOf).OfType<DescriptorText>()]);
        Texts.Add(descriptor, text);
        return descriptor;
    }

    /// <summary>Reads a file with a descriptor (<c>*.pyvene.json</c>), as <see cref="Parse"/> does.</summary>
    /// <param name="path">The file, of at most 1 MiB.</param>
    /// <exception cref="InterventionException">The descriptor has errors; the message tells each with its line and column.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ArchitectureDescriptor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(RegularFile.ReadAllText(path, LongestFile, RegularFile.SystemError(path)), path);
    }

    /// <summary>Makes an architecture known to configurations, which name it by its key; what was registered here under the key before is replaced.</summary>
    /// <param name="descriptor">The descriptor; plans that are bound already keep the one they have.</param>
    /// <exception cref="InterventionException">An assembly describes an architecture of this key, so that configurations would mean two.</exception>
    public static void Register(ArchitectureDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (Registered.TryGetValue(descriptor.Key, out var known)) throw Taken(descriptor.Key, AssemblyOf(known[0]));
        ReadHere[descriptor.Key] = descriptor;
    }

    private static DescriptorText? TextOf(ArchitectureDescriptor descriptor) => Texts.TryGetValue(descriptor, out var text) ? text : null;
}
