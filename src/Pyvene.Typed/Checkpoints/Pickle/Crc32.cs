using System.Buffers.Binary;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Computes the CRC-32 of zip files (polynomial 0xEDB88320), eight bytes a step.</summary>
internal struct Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Gets the checksum of what was appended.</summary>
    public uint Value { get; private set; }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = ~Value;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][low & 0xff] ^ Tables[6][(low >> 8) & 0xff] ^ Tables[5][(low >> 16) & 0xff] ^ Tables[4][low >> 24]
                ^ Tables[3][high & 0xff] ^ Tables[2][(high >> 8) & 0xff] ^ Tables[1][(high >> 16) & 0xff] ^ Tables[0][high >> 24];
        }

        foreach (var next in bytes)
        {
            state = Tables[0][(byte)(state ^ next)] ^ (state >> 8);
        }

        Value = ~state;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < tables.Length; table++)
        {
            tables[table] = new uint[256];
            for (var value = 0; value < 256; value++)
            {
                tables[table][value] = table == 0 ? Shift((uint)value) : tables[0][(byte)tables[table - 1][value]] ^ (tables[table - 1][value] >> 8);
            }
        }

        return tables;
    }

    private static uint Shift(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    }
}
