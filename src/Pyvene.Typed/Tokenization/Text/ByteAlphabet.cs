namespace Pyvene.Typed.Tokenization.Text;

/// <summary>
/// GPT-2's alphabet, which writes every byte as one visible character: printable Latin-1 as itself, all others from U+0100 on, so that a
/// space is <c>Ġ</c> and a line feed <c>Ċ</c>.
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>The character of a space.</summary>
    public const char Space = 'Ġ';

    private const int Size = 0x144;
    private static readonly char[] CharacterOfByte = new char[256];
    private static readonly short[] ByteOfCharacter = new short[Size];

    static ByteAlphabet()
    {
        Array.Fill(ByteOfCharacter, (short)-1);
        var next = (char)0x100;
        for (var value = 0; value < 256; value++)
        {
            var isVisible = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            CharacterOfByte[value] = isVisible ? (char)value : next++;
            ByteOfCharacter[CharacterOfByte[value]] = (short)value;
        }
    }

    public static char Character(byte value) => CharacterOfByte[value];

    /// <summary>Gives the byte that a character stands for; -1 where it is not of the alphabet.</summary>
    public static int Byte(char character) => character < Size ? ByteOfCharacter[character] : -1;
}
