using System.Buffers.Binary;
using System.Text;

namespace Pyvene.Typed.Native;

/// <summary>Reads a 64-bit little-endian ELF file; whatever the file says, nothing outside it or outside the section in question is read.</summary>
internal readonly ref struct ElfFile
{
    /// <summary>The type of the section that lists versions needed from other libraries.</summary>
    public const uint VersionNeeds = 0x6FFFFFFE;

    /// <summary>The type of the section that has the version number of each symbol.</summary>
    public const uint SymbolVersions = 0x6FFFFFFF;

    /// <summary>The length of an entry of a symbol table, in bytes.</summary>
    public const uint SymbolSize = 24;

    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const byte Class64 = 2;
    private const byte LittleEndian = 1;

    private readonly ReadOnlySpan<byte> file;
    private readonly ulong sections;
    private readonly uint sectionCount;

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">This is no such file, or it is cut off.</exception>
    public ElfFile(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize || !file.StartsWith("\u007FELF"u8)) throw new InvalidDataException("the file is not an ELF file.");
        if (file[4] != Class64 || file[5] != LittleEndian) throw new InvalidDataException("the file is not a 64-bit little-endian ELF file.");

        this.file = file;
        sections = BinaryPrimitives.ReadUInt64LittleEndian(file[0x28..]);
        sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3C..]);
        if (sectionCount > 0 && BinaryPrimitives.ReadUInt16LittleEndian(file[0x3A..]) != SectionHeaderSize)
            throw new InvalidDataException("the section headers of the ELF file have an unknown size.");
        Require(sections, (ulong)sectionCount * SectionHeaderSize);
    }

    /// <summary>The first section of a type, or null.</summary>
    public ElfSection? FindSection(uint type)
    {
        for (uint i = 0; i < sectionCount; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(HeaderAt(i)[4..]) == type) return SectionAt(i);
        }

        return null;
    }

    /// <summary>The section with this number.</summary>
    public ElfSection SectionAt(uint number)
    {
        if (number >= sectionCount) throw new InvalidDataException($"the ELF file has no section {number}.");
        var header = HeaderAt(number);
        var section = new ElfSection(
            Type: BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            Offset: BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]),
            Size: BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]),
            Link: BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]));
        Require(section.Offset, section.Size);
        return section;
    }

    /// <summary>Two bytes of a section.</summary>
    /// <param name="section">Where they must lie.</param>
    /// <param name="offset">Counted from the beginning of the file.</param>
    public ushort UInt16(ElfSection section, ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(section, offset, sizeof(ushort)));

    /// <summary>Four bytes of a section.</summary>
    /// <param name="section">Where they must lie.</param>
    /// <param name="offset">Counted from the beginning of the file.</param>
    public uint UInt32(ElfSection section, ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(section, offset, sizeof(uint)));

    /// <summary>The zero-terminated text at an offset within a section of texts.</summary>
    public string Text(ElfSection texts, uint offset)
    {
        if (offset >= texts.Size) throw CutOff();
        var rest = file.Slice((int)(texts.Offset + offset), (int)(texts.Size - offset));
        var length = rest.IndexOf((byte)0);
        return length < 0 ? throw CutOff() : Encoding.Latin1.GetString(rest[..length]);
    }

    private ReadOnlySpan<byte> HeaderAt(uint number) => file.Slice((int)(sections + (number * (ulong)SectionHeaderSize)), SectionHeaderSize);

    private ReadOnlySpan<byte> Slice(ElfSection section, ulong offset, uint length)
    {
        if (offset < section.Offset || offset - section.Offset > section.Size || section.Size - (offset - section.Offset) < length) throw CutOff();
        return file.Slice((int)offset, (int)length);
    }

    // Written so that no sum can overflow: both numbers come from the file.
    private void Require(ulong offset, ulong size)
    {
        if (offset > (ulong)file.Length || size > (ulong)file.Length - offset) throw CutOff();
    }

    private static InvalidDataException CutOff() => new("the ELF file is cut off or inconsistent.");
}
