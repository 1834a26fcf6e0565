using System.Buffers.Binary;
using System.Text;

namespace Pyvene.Typed.Tests.Native;

/// <summary>The smallest ELF file that asks for versions of symbols: one needed library, one symbol for each version.</summary>
internal static class SyntheticElf
{
    public const string Library = "libstdc++.so.6";

    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int RecordSize = 16;
    private const int SymbolSize = 24;

    /// <summary>Writes the file. Versions are numbered from 2; the hash of number n is 1000 + n.</summary>
    public static byte[] Create(params (string Symbol, string Version)[] needs)
    {
        var texts = new MemoryStream();
        texts.WriteByte(0);
        var library = Append(texts, Library);
        var versions = needs.Select(need => need.Version).Distinct().ToArray();
        var versionNames = versions.Select(version => Append(texts, version)).ToArray();
        var symbolNames = needs.Select(need => Append(texts, need.Symbol)).ToArray();

        var records = new byte[RecordSize * (1 + versions.Length)];
        Write16(records, 0, 1);
        Write16(records, 2, versions.Length);
        Write32(records, 4, library);
        Write32(records, 8, RecordSize);
        for (var i = 0; i < versions.Length; i++)
        {
            var at = RecordSize * (1 + i);
            Write32(records, at, 1000 + 2 + i);
            Write16(records, at + 6, 2 + i);
            Write32(records, at + 8, versionNames[i]);
            Write32(records, at + 12, i + 1 < versions.Length ? RecordSize : 0);
        }

        var symbols = new byte[SymbolSize * (1 + needs.Length)];
        var numbers = new byte[2 * (1 + needs.Length)];
        for (var i = 0; i < needs.Length; i++)
        {
            Write32(symbols, SymbolSize * (1 + i), symbolNames[i]);
            Write16(numbers, 2 * (1 + i), 2 + Array.IndexOf(versions, needs[i].Version));
        }

        return Assemble([(0, [], 0), (3, texts.ToArray(), 0), (11, symbols, 1), (0x6FFFFFFF, numbers, 2), (0x6FFFFFFE, records, 1)]);
    }

    /// <summary>The versions that the file asks for with their hashes, in order.</summary>
    public static (string Version, uint Hash)[] Versions(ReadOnlySpan<byte> file)
    {
        var texts = SectionOffset(file, 1);
        var records = SectionOffset(file, 4);
        var found = new (string, uint)[BinaryPrimitives.ReadUInt16LittleEndian(file[(records + 2)..])];
        for (var i = 0; i < found.Length; i++)
        {
            var record = file[(records + (RecordSize * (1 + i)))..];
            var name = file[(texts + (int)BinaryPrimitives.ReadUInt32LittleEndian(record[8..]))..];
            found[i] = (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]), BinaryPrimitives.ReadUInt32LittleEndian(record));
        }

        return found;
    }

    private static byte[] Assemble((uint Type, byte[] Content, int Link)[] sections)
    {
        var file = new byte[HeaderSize + sections.Sum(section => section.Content.Length + SectionHeaderSize)];
        "\u007FELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = 1;

        // The headers come last, as in the published library, so that a file that is cut off anywhere loses them.
        var content = HeaderSize;
        var header = HeaderSize + sections.Sum(section => section.Content.Length);
        Write32(file, 0x28, header);
        Write16(file, 0x3A, SectionHeaderSize);
        Write16(file, 0x3C, sections.Length);
        foreach (var section in sections)
        {
            section.Content.CopyTo(file, content);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(header + 4), section.Type);
            Write32(file, header + 0x18, content);
            Write32(file, header + 0x20, section.Content.Length);
            Write32(file, header + 0x28, section.Link);
            content += section.Content.Length;
            header += SectionHeaderSize;
        }

        return file;
    }

    private static int SectionOffset(ReadOnlySpan<byte> file, int number)
    {
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[0x28..]) + (number * SectionHeaderSize);
        return (int)BinaryPrimitives.ReadUInt64LittleEndian(file[(header + 0x18)..]);
    }

    private static int Append(MemoryStream texts, string text)
    {
        var offset = (int)texts.Position;
        texts.Write(Encoding.ASCII.GetBytes(text + "\0"));
        return offset;
    }

    private static void Write16(byte[] target, int offset, int value) => BinaryPrimitives.WriteUInt16LittleEndian(target.AsSpan(offset), (ushort)value);

    private static void Write32(byte[] target, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(target.AsSpan(offset), value);
}
