using System.Buffers.Binary;

namespace Pyvene.Typed.Native;

/// <summary>Edits what an ELF file asks of other libraries: which versions of their symbols must be there for it to load.</summary>
/// <remarks>
/// The format is the "Symbol Versioning" chapter of the Linux Standard Base. A library it needs has one record (16 bytes: version, count, name of the
/// file, offset of its first version, offset of the next record), each version of it one more (16 bytes: hash, flags, number, name, offset of the next).
/// Symbols point at the number. Asking for an older version means: the record keeps its number, and gets the name and the hash of the older one.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const ushort NumberMask = 0x7FFF;

    /// <summary>Makes the file ask for the older version wherever it asks for one of these versions of <paramref name="library"/>.</summary>
    /// <param name="file">The whole file; changed in place.</param>
    /// <param name="library">The library that the versions belong to, for example <c>libstdc++.so.6</c>.</param>
    /// <param name="versions">What to replace.</param>
    /// <exception cref="InvalidDataException">
    /// This is not a 64-bit little-endian ELF file, it is cut off or inconsistent, it takes another symbol from a version that was to be replaced, or does
    /// not ask for the older version elsewhere. The file is not changed then.
    /// </exception>
    public static void UseOlder(Span<byte> file, string library, IReadOnlyList<SymbolVersion> versions)
    {
        var elf = new ElfFile(file);
        if (elf.FindSection(ElfFile.VersionNeeds) is not { } needs) return;

        var names = elf.SectionAt(needs.Link);
        var records = ReadRecords(elf, needs, names, library);
        var edits = new List<(VersionRecord Record, VersionRecord Older)>();
        foreach (var version in versions)
        {
            if (!records.TryGetValue(version.Version, out var record)) continue;
            if (!records.TryGetValue(version.Older, out var older)) throw new InvalidDataException($"the file does not ask for {version.Older}.");
            RefuseOtherSymbols(elf, record, version);
            edits.Add((record, older));
        }

        foreach (var (record, older) in edits)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file[(int)record.Offset..], older.Hash);
            BinaryPrimitives.WriteUInt32LittleEndian(file[(int)(record.Offset + 8)..], older.Name);
        }
    }

    private static Dictionary<string, VersionRecord> ReadRecords(ElfFile elf, ElfSection needs, ElfSection names, string library)
    {
        var records = new Dictionary<string, VersionRecord>();
        var offset = needs.Offset;
        // Offsets only grow, and each must lie in the section, so both loops end whatever the file says.
        while (true)
        {
            var count = elf.UInt16(needs, offset + 2);
            if (elf.Text(names, elf.UInt32(needs, offset + 4)) == library)
            {
                var entry = offset + elf.UInt32(needs, offset + 8);
                for (var i = 0; i < count; i++)
                {
                    var name = elf.UInt32(needs, entry + 8);
                    records[elf.Text(names, name)] = new VersionRecord(entry, elf.UInt32(needs, entry), elf.UInt16(needs, entry + 6), name);
                    var toNextEntry = elf.UInt32(needs, entry + 12);
                    if (toNextEntry == 0) break;
                    entry += toNextEntry;
                }
            }

            var toNext = elf.UInt32(needs, offset + 12);
            if (toNext == 0) return records;
            offset += toNext;
        }
    }

    // An older system does have this symbol under the older version; of any other nothing is known, and a missing one ends the process when it is called.
    private static void RefuseOtherSymbols(ElfFile elf, VersionRecord record, SymbolVersion version)
    {
        if (elf.FindSection(ElfFile.SymbolVersions) is not { } numbers) throw new InvalidDataException("the file has no versions of symbols.");
        var symbols = elf.SectionAt(numbers.Link);
        var names = elf.SectionAt(symbols.Link);
        for (ulong i = 0; i < numbers.Size / 2; i++)
        {
            if ((elf.UInt16(numbers, numbers.Offset + (i * 2)) & NumberMask) != (record.Number & NumberMask)) continue;
            var symbol = elf.Text(names, elf.UInt32(symbols, symbols.Offset + (i * ElfFile.SymbolSize)));
            if (symbol != version.Symbol) throw new InvalidDataException($"the file also takes {symbol} from {version.Version}.");
        }
    }

    private readonly record struct VersionRecord(ulong Offset, uint Hash, ushort Number, uint Name);
}
