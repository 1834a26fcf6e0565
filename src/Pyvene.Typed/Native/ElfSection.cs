namespace Pyvene.Typed.Native;

/// <summary>A section of an ELF file.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Size">How long it is, in bytes; it ends within the file.</param>
/// <param name="Link">The number of the section it refers to: the names of its entries, or the symbols.</param>
internal readonly record struct ElfSection(uint Type, ulong Offset, ulong Size, uint Link);
