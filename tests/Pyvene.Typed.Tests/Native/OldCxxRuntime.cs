using System.Buffers.Binary;
using Pyvene.Typed.Native;

namespace Pyvene.Typed.Tests.Native;

/// <summary>A copy of this system's C++ runtime that lacks the versions RHEL 9 lacks, so that older systems are tested on every Linux.</summary>
/// <remarks>A version is found by the hash of its name first: with another hash it is not there. Its functions stay, as do their older versions.</remarks>
internal static class OldCxxRuntime
{
    private const uint VersionDefinitions = 0x6FFFFFFD;

    private static readonly string[] Lacking = ["GLIBCXX_3.4.30", "GLIBCXX_3.4.31", "GLIBCXX_3.4.32", "GLIBCXX_3.4.33", "GLIBCXX_3.4.34"];

    /// <summary>Writes the copy into a folder, which a program can be pointed to with <c>LD_LIBRARY_PATH</c>.</summary>
    public static void WriteTo(string folder)
    {
        var image = File.ReadAllBytes(PathInThisProcess());
        foreach (var hash in HashOffsets(image)) image[hash] ^= 0xFF;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, CxxRuntime.FileName), image);
    }

    private static string PathInThisProcess() =>
        File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .First(path => Path.GetFileName(path).StartsWith("libstdc++.so", StringComparison.Ordinal));

    private static List<int> HashOffsets(byte[] image)
    {
        var elf = new ElfFile(image);
        var definitions = elf.FindSection(VersionDefinitions)!.Value;
        var names = elf.SectionAt(definitions.Link);
        var found = new List<int>();
        for (var offset = definitions.Offset; ;)
        {
            var name = elf.Text(names, elf.UInt32(definitions, offset + elf.UInt32(definitions, offset + 12)));
            if (Lacking.Contains(name)) found.Add((int)offset + 8);
            var toNext = elf.UInt32(definitions, offset + 16);
            if (toNext == 0) return found;
            offset += toNext;
        }
    }
}
