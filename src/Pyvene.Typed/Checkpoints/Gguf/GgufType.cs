using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Turns one block of a quantised tensor into its numbers.</summary>
/// <param name="block">The bytes of the block.</param>
/// <param name="numbers">The numbers.</param>
internal delegate void BlockReader(ReadOnlySpan<byte> block, Span<float> numbers);

/// <summary>Says how a GGUF file stores the numbers of a tensor.</summary>
/// <param name="Number">GGML's number of the type.</param>
/// <param name="Name">GGML's name of it.</param>
/// <param name="BlockSize">How many numbers a block has; 1 where they stand one by one.</param>
/// <param name="BlockBytes">How many bytes a block has.</param>
/// <param name="Dtype">What the numbers are read as.</param>
/// <param name="Read">Reads a block; <see langword="null"/> = the numbers stand in the file as they are, or cannot be read.</param>
internal sealed record GgufType(uint Number, string Name, int BlockSize, int BlockBytes, ScalarType Dtype, BlockReader? Read = null)
{
    /// <summary>Gets whether tensors of the type can be read.</summary>
    public bool IsReadable => Read is not null || BlockSize == 1;
}
